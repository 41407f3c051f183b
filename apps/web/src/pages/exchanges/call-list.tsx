import { KeyRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { generatePath, Link, useLocation } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { times } from '../../ui/time.tsx';
import { useKey } from '../../ui/use-key.ts';
import { CallMarks } from '../call-marks.tsx';
import { EntryStatus, titleOf } from '../entry-status.tsx';
import type { Entry } from '../exchange-entries.ts';
import { paths } from '../paths.ts';
import { shortMilliseconds } from './short-milliseconds.ts';

type CallListProps = { entries: readonly Entry[]; selected: Entry | undefined };

/** So many rows are drawn at first: the API keeps 500 calls, and a phone draws as many for half a second. */
const most = 100;

/** The calls, the newest first. `j` and `k` move among them. */
export function CallList({ entries, selected }: CallListProps) {
  const list = useRef<HTMLOListElement>(null);
  // What the list is narrowed to stays in the address.
  const { search } = useLocation();
  const [wantsAll, setWantsAll] = useState(false);
  const newestFirst = [...entries].reverse();
  const isWhole = wantsAll || (selected !== undefined && newestFirst.indexOf(selected) >= most);
  const shown = isWhole ? newestFirst : newestFirst.slice(0, most);
  const move = (by: number) => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const focused = links.findIndex((link) => link.matches(':focus'));
    const at = focused >= 0 ? focused + by : links.findIndex((link) => link.ariaCurrent === 'true');
    links[Math.max(0, at)]?.focus();
  };
  useKey('j', () => move(1));
  useKey('k', () => move(-1));
  return (
    <>
      <ol
        ref={list}
        aria-label="Calls, the newest first"
        aria-keyshortcuts="j k"
        className="relative divide-y divide-line border-line border-y text-sm lg:max-h-[36rem] lg:overflow-y-auto"
      >
        {shown.map((entry) => (
          <li key={entry.call?.id ?? entry.id}>
            <Link
              to={{ pathname: generatePath(paths.exchange, { id: entry.id }), search }}
              aria-current={entry === selected}
              className="block rounded-sm px-2 py-2 hover:bg-ink/5 aria-[current=true]:bg-ink/8"
            >
              <Row entry={entry} />
            </Link>
          </li>
        ))}
      </ol>
      {shown.length < newestFirst.length && (
        <Button size="small" className="justify-self-start" onClick={() => setWantsAll(true)}>
          {`Show ${newestFirst.length - shown.length} earlier calls`}
        </Button>
      )}
    </>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { call, exchange, caller, at } = entry;
  const milliseconds = call?.outcome?.milliseconds ?? exchange?.durations.total;
  return (
    <>
      <span className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{titleOf(entry)}</span>
        <EntryStatus entry={entry} />
      </span>
      {/* One line whatever is known of the call so far, so that the rows below stay where they are. */}
      <span className="flex items-baseline justify-between gap-3 text-muted text-xs tabular-nums">
        <span className="min-w-0 space-x-3 truncate">
          <span>{times.clock(at)}</span>
          <span>{caller}</span>
          <CallMarks entry={entry} names="spoken" />
          {exchange?.headers.includes('authorization') && (
            <span title="authorization">
              <KeyRound aria-hidden className="inline size-3.5" />
              <span className="sr-only">authorization</span>
            </span>
          )}
        </span>
        {milliseconds !== undefined && <span className="shrink-0">{shortMilliseconds(milliseconds)}</span>}
      </span>
    </>
  );
}
