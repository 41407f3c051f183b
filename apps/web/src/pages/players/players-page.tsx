import type { Player } from '@signet/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Trophy, UserPlus } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { useMatch } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { LoadingRows } from '../../ui/loading-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { useDialogAddress } from '../dialog-address.ts';
import { QueryProblem } from '../errors/query-problem.tsx';
import { LoadMore } from '../load-more.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { useIsAdmin } from '../use-is-admin.ts';
import { PlayersTable } from './players-table.tsx';

const CreatePlayerDialog = lazyPart(() => import('./create-player-dialog.tsx'), 'CreatePlayerDialog');
const EditPlayerDialog = lazyPart(() => import('./edit-player-dialog.tsx'), 'EditPlayerDialog');
const DeletePlayerDialog = lazyPart(() => import('./delete-player-dialog.tsx'), 'DeletePlayerDialog');

type Open = { dialog: 'edit' | 'delete'; player: Player };

export function PlayersPage() {
  const [open, setOpen] = useState<Open | null>(null);
  const call = useCall();
  const board = useInfiniteQuery(queries.players(call));
  const players = board.data?.pages.flatMap((page) => page.items) ?? [];
  const mayChange = useIsAdmin();
  const rows = useRef<HTMLTableSectionElement>(null);
  const close = () => setOpen(null);
  const address = useDialogAddress(paths.players);
  const isCreating = useMatch(paths.newPlayer) !== null;

  return (
    <Page
      title="Players"
      description="Demo data from the tutorial: a list that everybody reads and only admins change. Bars compare each player with the leader."
      actions={
        mayChange && (
          <Button look="primary" onClick={() => address.open(paths.newPlayer)}>
            <UserPlus aria-hidden className="size-4" />
            New player
          </Button>
        )
      }
    >
      <QueryProblem query={board} />
      {board.isPending && <LoadingRows label="Loading players" rowClass="h-27 md:h-17" areCards />}
      {board.isSuccess && players.length === 0 && (
        <EmptyState icon={Trophy} title="No players yet">
          {mayChange ? 'Add the first one.' : 'An admin can add players.'}
        </EmptyState>
      )}
      {players.length > 0 && (
        <PlayersTable
          players={players}
          mayChange={mayChange}
          rows={rows}
          onEdit={(player) => setOpen({ dialog: 'edit', player })}
          onDelete={(player) => setOpen({ dialog: 'delete', player })}
        />
      )}
      <LoadMore query={board} what="players" list={rows} />
      <Suspense>
        {isCreating && mayChange && <CreatePlayerDialog onClose={address.close} />}
        {open?.dialog === 'edit' && <EditPlayerDialog player={open.player} onClose={close} />}
        {open?.dialog === 'delete' && <DeletePlayerDialog player={open.player} onClose={close} />}
      </Suspense>
    </Page>
  );
}
