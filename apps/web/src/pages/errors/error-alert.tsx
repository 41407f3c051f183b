import { ApiError } from '@signet/contracts';
import { useEffect, useState } from 'react';
import { isOffline, useRetryOnline } from '../../browser/online.ts';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { describeError, detailsOf, isUnreachable } from './describe-error.ts';
import { FindOutWhy } from './find-out-why.tsx';
import { useWait } from './wait.ts';

/**
 * Shows any error of a call. With `onRetry` it also offers to try again, and does so by itself when the browser is online
 * again or when a busy API has said how long to wait.
 */
export function ErrorAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { apiUrl } = useAuth();
  const wait = useWait(error, onRetry !== undefined);
  useRetryOnline(onRetry);
  useRetryAfterWait(error, wait.isOver, onRetry);
  // The banner above every page says it, once, and tries again.
  if (onRetry && isUnreachable(error)) return <NotLoaded error={error} onRetry={onRetry} />;
  const place = { apiUrl, pageOrigin: originOf(window.location) };
  const description = describeError(error, { ...place, isOffline: isOffline() });
  const { title, detail, hint, forDevelopers, requestId } = description;
  return (
    <Alert
      title={title}
      actions={
        <>
          {onRetry && (
            <Button size="small" disabled={!wait.isOver} onClick={onRetry}>
              Try again
            </Button>
          )}
          <CopyButton
            text={detailsOf(error, description, place)}
            label="Copy details of this error"
            name="Copy details"
          />
        </>
      }
    >
      {detail && <p>{detail}</p>}
      {wait.text && <p className="text-muted tabular-nums">{wait.text}</p>}
      {hint && !wait.text && <p className="text-muted">{hint}</p>}
      {forDevelopers && (
        <details className="text-muted">
          <summary className="w-fit cursor-pointer rounded-sm">For developers</summary>
          <p className="mt-1">{forDevelopers}</p>
        </details>
      )}
      <FindOutWhy error={error} />
      {requestId && (
        <p className="mt-1 text-muted">
          Request id: <code className="font-mono">{requestId}</code>
        </p>
      )}
    </Alert>
  );
}

function NotLoaded({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Alert
      tone="info"
      title="Not loaded"
      actions={
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p className="text-muted">The API did not answer.</p>
      <FindOutWhy error={error} />
    </Alert>
  );
}

/** A refusal for load passes by itself. A refusal for too many attempts does not: the user decides about the next one. */
function useRetryAfterWait(error: unknown, isOver: boolean, onRetry: (() => void) | undefined) {
  const isLoad = error instanceof ApiError && error.problem.status === 503;
  const hasWaited = error instanceof ApiError && error.retryAfterSeconds !== undefined;
  const [tried, setTried] = useState<unknown>();
  useEffect(() => {
    if (!isLoad || !hasWaited || !isOver || !onRetry || tried === error) return;
    setTried(error);
    onRetry();
  }, [isLoad, hasWaited, isOver, onRetry, tried, error]);
}
