import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import { classNames } from '../ui/class-names.ts';
import type { Entry } from './exchange-entries.ts';

/** How a call ended, as an icon and in a word, wherever a call is listed. */
export function EntryStatus({ entry }: { entry: Entry }) {
  const status = statusOf(entry);
  const Icon = isFailed(entry) ? CircleAlert : status === 'under way' ? LoaderCircle : Check;
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center gap-1 font-medium tabular-nums',
        isFailed(entry) && 'text-danger',
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {status}
    </span>
  );
}

export function titleOf({ call, exchange, preflight }: Entry): string {
  const method = call?.method ?? exchange?.method ?? preflight?.preflight?.method ?? 'OPTIONS';
  return `${method} ${call?.route ?? exchange?.route ?? preflight?.route ?? 'an unknown path'}`;
}

export function statusOf({ call, exchange, preflight }: Entry): string {
  if (call && !call.outcome) return 'under way';
  if (call?.outcome?.error) return call.outcome.error === 'TypeError' ? 'no answer' : 'stopped';
  // In the mode no-cors script gets an answer without a status.
  if (call?.outcome?.status === 0) return 'opaque';
  return String(call?.outcome?.status ?? exchange?.status ?? preflight?.status);
}

export function isFailed({ call, exchange, preflight }: Entry): boolean {
  if (call?.outcome?.error) return true;
  return (call?.outcome?.status ?? exchange?.status ?? preflight?.status ?? 0) >= 400;
}
