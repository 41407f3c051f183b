import { endpoints } from '@signet/contracts';
import { type QueryCacheNotifyEvent, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isOffline } from '../../browser/online.ts';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { describeError, isUnreachable } from '../errors/describe-error.ts';
import { FindOutWhy } from '../errors/find-out-why.tsx';

const retrySeconds = 5;

/**
 * Says once, above every page, that the API cannot be reached, and asks whether it is back until an answer comes. Only
 * then the page asks again for what it misses: a query that is asked again forgets that it failed, and the page would
 * flicker between its error and its skeleton. Pages keep what they had. What a query with `asksApi: false` in its meta gets,
 * and what a page puts into the cache itself, is no answer of the API.
 */
export function ApiBanner() {
  const { apiUrl, call } = useAuth();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [secondsLeft, setSecondsLeft] = useState(retrySeconds);

  useEffect(() => {
    return queryClient.getQueryCache().subscribe((event: QueryCacheNotifyEvent) => {
      if (event.type !== 'updated' || event.query.meta?.asksApi === false) return;
      if (event.action.type === 'success' && !event.action.manual) setError(undefined);
      if (event.action.type === 'error' && isUnreachable(event.action.error)) setError(event.action.error);
    });
  }, [queryClient]);

  const isDown = error !== undefined;
  useEffect(() => {
    if (!isDown) return;
    const askAgain = async () => {
      const isBack = await call(endpoints.readProtected).then(
        () => true,
        (reason) => !isUnreachable(reason),
      );
      if (isBack) await queryClient.refetchQueries({ type: 'active' });
    };
    let left = retrySeconds;
    setSecondsLeft(left);
    const timer = setInterval(() => {
      left = left > 1 ? left - 1 : retrySeconds;
      setSecondsLeft(left);
      if (left === retrySeconds) void askAgain();
    }, 1000);
    return () => clearInterval(timer);
  }, [isDown, queryClient, call]);

  if (!isDown) return null;
  const { title, detail, forDevelopers } = describeError(error, {
    apiUrl,
    pageOrigin: originOf(window.location),
    isOffline: isOffline(),
  });
  return (
    <div
      data-api-down
      className="border-line border-b bg-sunken px-4 py-2.5 text-sm sm:px-8 lg:px-12 print:hidden"
    >
      <div className="flex flex-wrap gap-x-2">
        <span role="status" className="font-medium">
          {title}
        </span>
        <span className="text-muted tabular-nums">Trying again in {secondsLeft} s.</span>
        <FindOutWhy error={error} />
      </div>
      {forDevelopers && (
        <details className="text-muted">
          <summary className="w-fit cursor-pointer rounded-sm">What can be the reason?</summary>
          <p className="mt-1 [overflow-wrap:anywhere]">
            {detail} {forDevelopers}
          </p>
        </details>
      )}
    </div>
  );
}
