import { ApiError } from '@signet/contracts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTrace } from '../use-trace.ts';
import type { TraceSource } from '../watch-trace.ts';

/**
 * `polling`: there is no stream, and the trace is read every two seconds. `absent`: this API keeps no trace. `away`: it
 * does not answer, fails, or does not let this page read.
 */
export type HalfStatus = 'connecting' | 'live' | 'polling' | 'absent' | 'away';

const retryMilliseconds = 3000;

/** What the API saw of all calls, live, since the log was cleared. */
export function useApiHalf() {
  const { exchanges: all, error, refetch, source } = useTrace();
  const [cleared, setCleared] = useState<ReadonlySet<string>>(new Set());
  const isAbsent = error instanceof ApiError && error.problem.code === 'not_found';
  const isAway = error !== null && !isAbsent;
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => void refetch(), retryMilliseconds);
    return () => clearInterval(timer);
  }, [isAway, refetch]);
  const exchanges = useMemo(() => (all ?? []).filter(({ id }) => !cleared.has(id)), [all, cleared]);
  const clear = useCallback(() => setCleared(new Set((all ?? []).map(({ id }) => id))), [all]);
  const status: HalfStatus = isAbsent ? 'absent' : isAway ? 'away' : all ? statusOf[source] : 'connecting';
  return { exchanges, status, clear };
}

const statusOf = { stream: 'live', polling: 'polling', away: 'away' } as const satisfies Record<
  TraceSource,
  HalfStatus
>;
