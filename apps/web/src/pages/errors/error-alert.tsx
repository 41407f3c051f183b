import { isOffline, useRetryOnline } from '../../browser/online.ts';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { describeError } from './describe-error.ts';

/**
 * Shows any error of a call, and a way to try again where there is one,
 * which is taken by itself once online again.
 */
export function ErrorAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { apiUrl } = useAuth();
  useRetryOnline(onRetry);
  const { title, detail, hint, requestId } = describeError(error, {
    apiUrl,
    pageOrigin: originOf(window.location),
    isOffline: isOffline(),
  });
  return (
    <Alert
      title={title}
      actions={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {detail && <p>{detail}</p>}
      {hint && <p className="text-muted">{hint}</p>}
      {requestId && (
        <p className="text-muted">
          Request id: <code className="font-mono">{requestId}</code>
        </p>
      )}
    </Alert>
  );
}
