import { useMemo, useSyncExternalStore } from 'react';
import { generatePath, Link } from 'react-router';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { CallMarks } from '../call-marks.tsx';
import { EntryStatus, titleOf } from '../entry-status.tsx';
import { joinHalves } from '../exchange-entries.ts';
import { paths } from '../paths.ts';
import { useTrace } from '../use-trace.ts';

/** The last call of this page, at the foot of the window, with what the API saw of it. It leads to the log at that call. */
export function CallStrip() {
  const { callLog } = useAuth();
  const calls = useSyncExternalStore(callLog.subscribe, callLog.calls);
  const { exchanges = none } = useTrace();
  const entry = useMemo(
    () =>
      joinHalves({ calls, exchanges, pageOrigin: originOf(window.location) }).findLast(
        (each) => each.call !== undefined,
      ),
    [calls, exchanges],
  );
  return (
    <aside
      aria-label="The last call"
      className="fixed inset-x-0 bottom-0 z-20 border-line border-t bg-surface px-4 py-1.5 text-sm lg:left-64 print:hidden"
    >
      {entry ? (
        <Link
          to={generatePath(paths.exchange, { id: entry.id })}
          className="flex items-center gap-3 overflow-hidden rounded-sm"
        >
          <EntryStatus entry={entry} />
          <span className="min-w-0 truncate font-medium">{titleOf(entry)}</span>
          <span className="ml-auto text-muted text-xs">
            <CallMarks entry={entry} names="shown" />
          </span>
        </Link>
      ) : (
        <p className="text-muted">No call yet.</p>
      )}
    </aside>
  );
}

const none: readonly never[] = [];
