import type { Player } from '@signet/contracts';
import { Pencil, Trash2 } from 'lucide-react';
import type { Ref } from 'react';
import { onFirstUse } from '../../ui/on-first-use.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { type Placed, placeOf } from './leaderboard.ts';

const number = onFirstUse(() => new Intl.NumberFormat('en'));

type PlayersTableProps = {
  players: readonly Player[];
  mayChange: boolean;
  rows: Ref<HTMLTableSectionElement>;
  onEdit: (player: Player) => void;
  onDelete: (player: Player) => void;
};

/** A table whose rows become cards on a narrow screen. */
export function PlayersTable({ players, mayChange, rows, onEdit, onDelete }: PlayersTableProps) {
  // The leader's number is the longest. Reserving its width in every row aligns the bars.
  const digits = number().format(players[0]?.tokens ?? 0).length;
  return (
    <table className="block w-full text-left md:table md:overflow-hidden md:rounded-2xl md:border md:border-line md:bg-surface md:shadow-panel">
      <caption className="sr-only">Players by tokens won, highest first</caption>
      <thead className="sr-only border-line border-b text-muted text-sm md:not-sr-only md:table-header-group">
        <tr className="md:table-row">
          <th scope="col" className="w-16 px-5 py-3 font-medium">
            Rank
          </th>
          <th scope="col" className="w-[32%] px-3 py-3 font-medium">
            Player
          </th>
          <th scope="col" className="px-3 py-3 font-medium last:pr-5">
            Tokens won
          </th>
          {mayChange && (
            <th scope="col" className="w-20 px-5 py-3 text-right font-medium">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody ref={rows} className="grid gap-3 md:table-row-group">
        {placeOf(players).map((placed) => (
          <PlayerRow
            key={placed.player.id}
            {...placed}
            digits={digits}
            mayChange={mayChange}
            onEdit={onEdit}
            onDelete={onDelete}
          />
        ))}
      </tbody>
    </table>
  );
}

function PlayerRow({
  player,
  rank,
  share,
  digits,
  mayChange,
  onEdit,
  onDelete,
}: Omit<PlayersTableProps, 'players' | 'rows'> & Placed & { digits: number }) {
  return (
    <tr className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-3 rounded-2xl border border-line bg-surface p-4 shadow-panel md:table-row md:rounded-none md:border-0 md:border-b md:p-0 md:last:border-b-0 md:shadow-none">
      <td className="md:table-cell md:px-5 md:py-3.5">
        <span
          className={`grid size-9 place-items-center rounded-full border border-transparent font-semibold text-sm tabular-nums ${rank === 1 ? 'bg-ink text-inverse' : 'bg-ink/7 text-ink'}`}
        >
          {rank}
        </span>
      </td>
      <td className="min-w-0 md:table-cell md:max-w-0 md:px-3 md:py-3.5">
        <p className="truncate font-medium leading-snug" title={player.name}>
          {player.name}
        </p>
        <p className="truncate text-muted text-sm leading-snug" title={player.uid}>
          {player.uid}
        </p>
      </td>
      <td className="col-span-3 md:table-cell md:px-3 md:py-3.5 md:last:pr-5">
        <Tokens tokens={player.tokens} share={share} digits={digits} />
      </td>
      {mayChange && (
        <td className="col-start-3 row-start-1 text-right md:table-cell md:px-5 md:py-3.5">
          <RowMenu
            label={`Actions for ${player.uid}`}
            items={[
              { label: 'Edit', icon: Pencil, onSelect: () => onEdit(player) },
              { label: 'Delete', icon: Trash2, isDangerous: true, onSelect: () => onDelete(player) },
            ]}
          />
        </td>
      )}
    </tr>
  );
}

function Tokens({ tokens, share, digits }: { tokens: number; share: number; digits: number }) {
  return (
    <span className="flex items-center gap-3">
      <span className="shrink-0 text-right font-medium tabular-nums" style={{ minWidth: `${digits}ch` }}>
        {number().format(tokens)}
      </span>
      <span
        aria-hidden
        className="h-2.5 min-w-0 grow overflow-hidden rounded-full border border-transparent bg-ink/7"
      >
        <span
          className="block h-full rounded-full bg-ink/75 forced-colors:bg-[Highlight] forced-color-adjust-none"
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </span>
  );
}
