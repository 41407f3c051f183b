import { ApiError, type Identity } from '@signet/contracts';
import type { UseQueryResult } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { useEffect } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { times } from '../../ui/time.tsx';
import { PartCard } from './part-card.tsx';

type SignatureCardProps = {
  identity: UseQueryResult<Identity>;
  /** Changes with every refresh of the token. */
  version: string;
  expiresAtSeconds: number | undefined;
  now: number;
};

/**
 * Whether the token is valid, which only the API can tell. It is asked again when the window gets the focus, when the
 * token is refreshed and when it expires. An answer about a token that has expired since is shown as past.
 */
export function SignatureCard({ identity, version, expiresAtSeconds, now }: SignatureCardProps) {
  const { serverNow } = useAuth();
  const { refetch } = identity;
  const hasExpired = expiresAtSeconds !== undefined && expiresAtSeconds * 1000 <= now;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version, or its end, must be checked again
  useEffect(() => void refetch({ cancelRefetch: false }), [refetch, version, hasExpired]);

  // The answer's time is of this machine's clock, as its age must be.
  const askedAt = identity.isError ? identity.errorUpdatedAt : identity.dataUpdatedAt;
  const age = times.distance(askedAt, Math.max(Date.now(), askedAt));
  const isPast = hasExpired && askedAt + (serverNow() - Date.now()) < (expiresAtSeconds ?? 0) * 1000;
  return (
    <PartCard part="signature" title="Is it valid?" colour="text-signature" bar="bg-signature">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <code className="font-mono">GET /protected</code>
        <span role="status" className="ml-auto">
          <Verdict identity={identity} isPast={isPast} />
        </span>
      </div>
      <div className="mt-2 flex min-h-9 flex-wrap items-center justify-between gap-x-3 text-muted text-sm">
        <span>{askedAt > 0 ? `Asked ${age}${isPast ? ', before the token expired' : ''}` : ''}</span>
        <Button
          size="small"
          look="quiet"
          busy={identity.isFetching}
          onClick={() => refetch({ cancelRefetch: false })}
        >
          Ask again
        </Button>
      </div>
      <div className="mt-2 grid min-h-32 content-start">
        {identity.isPending && identity.errorUpdateCount === 0 && <Skeleton className="h-28" />}
        {identity.isSuccess && <JsonView label="Answer" value={identity.data} />}
      </div>
    </PartCard>
  );
}

function Verdict({ identity, isPast }: { identity: UseQueryResult<Identity>; isPast: boolean }) {
  if (identity.isError)
    return (
      <Badge tone="danger">
        <CircleX aria-hidden className="size-3.5" />
        {identity.error instanceof ApiError ? identity.error.problem.status : 'no answer'}
      </Badge>
    );
  if (!identity.data) return <Badge>{identity.errorUpdateCount > 0 ? 'no answer yet' : 'checking'}</Badge>;
  if (isPast) return <Badge>was 200 OK</Badge>;
  return (
    <Badge tone="ok">
      <CircleCheck aria-hidden className="size-3.5" />
      200 OK
    </Badge>
  );
}
