import type { Exchange } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useAuth } from '../session/auth-context.tsx';
import { readTrace } from './read-trace.ts';
import { type TraceSource, watchTrace } from './watch-trace.ts';

/** As many as the API keeps. */
const most = 500;

/** The first exchanges come in a burst, and one drawing is enough for it. */
const drawMs = 50;

/**
 * The API's trace, live: the exchanges in the order in which they ended, undefined until those of the past are there.
 * `error` is an ApiError `not_found` where the API has no trace.
 */
export function useTrace() {
  const { apiUrl, callAs } = useAuth();
  const [live, setLive] = useState<readonly Exchange[]>([]);
  const [source, setSource] = useState<TraceSource>('stream');
  const [isWhole, setIsWhole] = useState(false);
  const kept = useQuery({
    queryKey: ['trace'],
    queryFn: () => readTrace(callAs),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { isSuccess, refetch } = kept;
  useEffect(() => {
    if (!isSuccess) return;
    let burst: Exchange[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      const more = burst;
      burst = [];
      setLive((all) => [...all, ...more].slice(-most));
    };
    const stop = watchTrace({
      apiUrl,
      read: (after) => readTrace(callAs, after),
      onSource: setSource,
      onExchange: (exchange) => {
        burst.push(exchange);
        timer ??= setTimeout(draw, drawMs);
      },
    });
    // What ended between the first reading and now may be in no stream of another tab.
    void refetch().then(() => setIsWhole(true));
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [apiUrl, callAs, isSuccess, refetch]);
  const exchanges = useMemo(
    () => [...new Map([...(kept.data ?? []), ...live].map((each) => [each.id, each])).values()],
    [kept.data, live],
  );
  return { exchanges: isWhole ? exchanges : undefined, error: kept.error, refetch, source };
}
