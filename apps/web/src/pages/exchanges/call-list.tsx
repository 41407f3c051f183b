import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { generatePath, Link } from 'react-router';
import { classNames } from '../../ui/class-names.ts';
import { paths } from '../paths.ts';
import type { Entry } from './entries.ts';
import { clock, shortMilliseconds } from './readings.ts';

type CallListProps = { entries: readonly Entry[]; selected: Entry | undefined };

/** The calls, the newest first. `j` and `k` move among them while the focus is in the list. */
export function CallList({ entries, selected }: CallListProps) {
  const move = (event: KeyboardEvent<HTMLOListElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !['j', 'k'].includes(event.key)) return;
    const links = [...event.currentTarget.querySelectorAll('a')];
    const at = links.findIndex((link) => link.matches(':focus'));
    links[at + (event.key === 'j' ? 1 : -1)]?.focus();
  };
  return (
    <ol
      aria-label="Calls, the newest first"
      onKeyDown={move}
      className="divide-y divide-line border-line border-y text-sm lg:max-h-[36rem] lg:overflow-y-auto"
    >
      {[...entries].reverse().map((entry) => (
        <li key={entry.call?.id ?? entry.id}>
          <Link
            to={generatePath(paths.exchange, { id: entry.id })}
            aria-current={entry === selected}
            className="block rounded-sm px-2 py-2 hover:bg-ink/5 aria-[current=true]:bg-ink/8"
          >
            <Row entry={entry} />
          </Link>
        </li>
      ))}
    </ol>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { call, exchange, preflight, caller, at } = entry;
  const status = statusOf(entry);
  const milliseconds = call?.outcome?.milliseconds ?? exchange?.durations.total;
  const isOnlyPreflight = !call && !exchange;
  return (
    <>
      <span className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{titleOf(entry)}</span>
        <span
          className={classNames(
            'inline-flex shrink-0 items-center gap-1 font-medium tabular-nums',
            isFailed(entry) ? 'text-danger' : '',
          )}
        >
          <StatusIcon entry={entry} />
          {status}
        </span>
      </span>
      {/* One line whatever is known of the call so far, so that the rows below stay where they are. */}
      <span className="flex items-baseline justify-between gap-3 text-muted text-xs tabular-nums">
        <span className="min-w-0 space-x-3 truncate">
          <span>{clock(at)}</span>
          <span>{caller}</span>
          {preflight && <span>{isOnlyPreflight ? 'preflight alone' : 'preflight'}</span>}
          {exchange && exchange.cookies.length > 0 && <span>cookie</span>}
          {exchange?.headers.includes('authorization') && <span>authorization</span>}
        </span>
        {milliseconds !== undefined && <span className="shrink-0">{shortMilliseconds(milliseconds)}</span>}
      </span>
    </>
  );
}

function StatusIcon({ entry }: { entry: Entry }) {
  const Icon = isFailed(entry) ? CircleAlert : statusOf(entry) === 'under way' ? LoaderCircle : Check;
  return <Icon aria-hidden className="size-3.5" />;
}

export function titleOf({ call, exchange, preflight }: Entry): string {
  const method = call?.method ?? exchange?.method ?? preflight?.preflight?.method ?? 'OPTIONS';
  return `${method} ${call?.route ?? exchange?.route ?? preflight?.route ?? 'an unknown path'}`;
}

export function statusOf({ call, exchange, preflight }: Entry): string {
  if (call && !call.outcome) return 'under way';
  if (call?.outcome?.error) return call.outcome.error === 'TypeError' ? 'no answer' : 'stopped';
  return String(call?.outcome?.status ?? exchange?.status ?? preflight?.status);
}

export function isFailed({ call, exchange, preflight }: Entry): boolean {
  if (call?.outcome?.error) return true;
  return (call?.outcome?.status ?? exchange?.status ?? preflight?.status ?? 0) >= 400;
}
