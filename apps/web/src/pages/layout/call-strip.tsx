import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { generatePath, Link } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';

/** The last call of this page, at the foot of the window. It leads to the log at that call. */
export function CallStrip() {
  const { callLog } = useAuth();
  const call = useSyncExternalStore(callLog.subscribe, callLog.calls).at(-1);
  const outcome = call?.outcome;
  const isFailed = outcome?.error !== undefined || (outcome?.status ?? 0) >= 400;
  const Icon = isFailed ? CircleAlert : outcome ? Check : LoaderCircle;
  return (
    <aside
      aria-label="The last call"
      className="fixed inset-x-0 bottom-0 z-20 border-line border-t bg-surface px-4 py-1.5 text-sm lg:left-64 print:hidden"
    >
      {call ? (
        <Link
          to={generatePath(paths.exchange, { id: outcome?.requestId ?? call.id })}
          className="flex items-center gap-2 overflow-hidden rounded-sm"
        >
          <Icon aria-hidden className={isFailed ? 'size-4 shrink-0 text-danger' : 'size-4 shrink-0'} />
          <span className="truncate font-medium">
            {call.method} {call.route ?? 'an unknown path'}
          </span>
          <span className="shrink-0 tabular-nums">{outcome?.status ?? outcome?.error ?? 'under way'}</span>
        </Link>
      ) : (
        <p className="text-muted">No call yet.</p>
      )}
    </aside>
  );
}
