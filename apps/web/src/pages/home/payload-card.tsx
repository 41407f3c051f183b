import { ApiError, type User } from '@signet/contracts';
import type { UseQueryResult } from '@tanstack/react-query';
import type { DecodedToken } from '../../token/decode.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { absoluteTime, countdown, times } from '../../ui/time.tsx';
import { Facts } from './facts.tsx';
import { HiddenFromPage, PartCard } from './part-card.tsx';

type PayloadCardProps = { decoded: DecodedToken | null; me: UseQueryResult<User>; now: number };

/** Who the token is for and until when; apart from it, what only the API knows of the user. */
export function PayloadCard({ decoded, me, now }: PayloadCardProps) {
  const claims = decoded?.claims;
  return (
    <PartCard part="payload" title="What it contains" colour="text-payload" bar="bg-payload">
      {claims ? (
        <>
          <Countdown expiresAtSeconds={claims.exp} now={now} />
          <Facts
            className="mt-4"
            facts={[
              ['_uid', claims._uid],
              ['sub', claims.sub],
              ['iat', times.clock(claims.iat * 1000)],
              ['exp', times.clock(claims.exp * 1000)],
            ]}
          />
          <h3 className="mt-4 border-line border-t pt-4 font-medium text-sm">
            The API adds (not in the token)
          </h3>
          <Added me={me} facts={(user) => [['Name', user.name] as const, ['Role', user.role] as const]} />
          <p className="mt-3 text-muted text-sm">
            A role in a token would stay until the token expires, so the API looks it up at every request.
          </p>
        </>
      ) : (
        <>
          <HiddenFromPage>Hidden from this page. The API reads it and answers:</HiddenFromPage>
          <Added
            me={me}
            facts={(user) => [
              ['User ID', user.uid] as const,
              ['ID', String(user.id)] as const,
              ['Name', user.name] as const,
              ['Role', user.role] as const,
            ]}
          />
          <p className="mt-3 text-muted text-sm">
            JavaScript cannot see when it expires. The app refreshes it when the API says so.
          </p>
        </>
      )}
    </PartCard>
  );
}

function Countdown({ expiresAtSeconds, now }: { expiresAtSeconds: number; now: number }) {
  const expiresAt = expiresAtSeconds * 1000;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2" title={absoluteTime(expiresAt)}>
      <span
        role="timer"
        aria-label="Time until the token expires"
        className="font-mono font-semibold text-3xl text-payload tabular-nums"
      >
        {countdown(expiresAt - now)}
      </span>
      <span className="text-muted text-sm">
        {expiresAt > now ? 'until it expires' : 'Expired. The next request refreshes it.'}
      </span>
    </p>
  );
}

type AddedProps = {
  me: UseQueryResult<User>;
  facts: (user: User) => readonly (readonly [string, string])[];
};

/** What `GET /api/users/me` says. */
function Added({ me, facts }: AddedProps) {
  const isWaiting = me.isPending && me.errorUpdateCount === 0;
  return (
    <>
      <code className="mt-1 block font-mono text-[0.8125rem] text-muted">GET /api/users/me</code>
      {me.data && <Facts facts={facts(me.data)} className="mt-2" />}
      {!me.data && isWaiting && <Skeleton className="mt-2 h-13" />}
      {!me.data && !isWaiting && (
        <p className="mt-2 text-muted text-sm">
          {me.error instanceof ApiError ? `Answered with ${me.error.problem.status}.` : 'No answer yet.'}
        </p>
      )}
    </>
  );
}
