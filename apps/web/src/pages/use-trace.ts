import type { Exchange } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { painted } from '../browser/pauses.ts';
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
  const { data, error, refetch } = useQuery({
    queryKey: ['trace'],
    queryFn: async () => {
      // The whole trace is up to 400 kB, and the page without it comes first.
      await painted();
      return readTrace(callAs);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  useEffect(() => {
    if (!data) return;
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
      after: data.at(-1)?.id ?? 'start',
      read: (after) => readTrace(callAs, after),
      onSource: setSource,
      onExchange: (exchange) => {
        burst.push(exchange);
        timer ??= setTimeout(draw, drawMs);
      },
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [apiUrl, callAs, data]);
  const exchanges = useMemo(
    () => data && [...new Map([...data, ...live].map((each) => [each.id, each])).values()],
    [data, live],
  );
  // Deferred, so that React draws a long list in slices, between which the browser answers.
  return { exchanges: useDeferredValue(exchanges), error, refetch, source };
}
