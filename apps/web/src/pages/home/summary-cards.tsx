import { ApiError, type Carrier, type Identity, type User } from '@signet/contracts';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DecodedToken } from '../../token/decode.ts';
import { Badge } from '../../ui/badge.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { absoluteTime, countdown } from '../../ui/time.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';

type CardProps = { part: string; title: string; colour: string; bar: string; children: ReactNode };

function Card({ part, title, colour, bar, children }: CardProps) {
  return (
    <section className="flex min-w-0 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-panel">
      <span aria-hidden className={`h-1 ${bar}`} />
      <div className="flex grow flex-col p-5 sm:p-6">
        <p className={`font-medium font-mono text-xs ${colour}`}>{part}</p>
        <h2 className="mt-1 mb-4 font-semibold text-lg tracking-tight">{title}</h2>
        {children}
      </div>
    </section>
  );
}

const transports = {
  bearer: { line: 'Authorization: Bearer …', store: 'localStorage', sender: 'your code', readable: 'yes' },
  cookie: {
    line: 'Cookie: jwt=…',
    store: "the browser's cookie jar",
    sender: 'the browser, automatically',
    readable: 'no (HttpOnly)',
  },
};

/** How the token is sent. */
export function TransportCard({ carrier, decoded }: { carrier: Carrier; decoded: DecodedToken | null }) {
  const { line, store, sender, readable } = transports[carrier];
  return (
    <Card part="header" title="How it is sent" colour="text-header" bar="bg-header">
      <p className="rounded-lg bg-header/8 px-3 py-2 font-mono text-[0.8125rem] text-header [overflow-wrap:anywhere]">
        {line}
      </p>
      <Facts
        facts={[
          ['Stored in', store],
          ['Sent by', sender],
          ['Readable by JavaScript', readable],
          ...(decoded?.algorithm ? [['Algorithm', decoded.algorithm] as const] : []),
        ]}
      />
    </Card>
  );
}

type ContentCardProps = { user: User | undefined; expiresAtSeconds: number | undefined; now: number };

/** Who the token is for, and until when. */
export function ContentCard({ user, expiresAtSeconds, now }: ContentCardProps) {
  return (
    <Card part="payload" title="What it contains" colour="text-payload" bar="bg-payload">
      {expiresAtSeconds === undefined ? (
        <p className="rounded-lg bg-payload/8 px-3 py-2 text-[0.8125rem] text-payload">
          JavaScript cannot see when it expires. The app refreshes it when the API says so.
        </p>
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-2" title={absoluteTime(expiresAtSeconds * 1000)}>
          <span
            role="timer"
            aria-label="Time until the token expires"
            className="font-mono font-semibold text-3xl text-payload tabular-nums"
          >
            {countdown(expiresAtSeconds * 1000 - now)}
          </span>
          <span className="text-muted text-sm">
            {expiresAtSeconds * 1000 > now ? 'until it expires' : 'Expired. The next request refreshes it.'}
          </span>
        </p>
      )}
      {user ? (
        <Facts
          facts={[
            ['User ID', user.uid],
            ['ID', String(user.id)],
            ['Role', user.role],
          ]}
        />
      ) : (
        <Skeleton className="mt-4 h-24" />
      )}
    </Card>
  );
}

/** Whether the token is valid, which only the API can tell. */
export function VerdictCard({ identity }: { identity: UseQueryResult<Identity> }) {
  return (
    <Card part="signature" title="Is it valid?" colour="text-signature" bar="bg-signature">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <code className="font-mono">GET /protected</code>
        <span className="ml-auto">
          <Verdict identity={identity} />
        </span>
      </div>
      <div className="mt-3 grid min-h-32 content-start">
        {identity.isPending && <Skeleton className="h-28" />}
        {identity.isError && <ErrorAlert error={identity.error} onRetry={() => identity.refetch()} />}
        {identity.isSuccess && <JsonView label="Answer" value={identity.data} />}
      </div>
    </Card>
  );
}

function Verdict({ identity }: { identity: UseQueryResult<Identity> }) {
  if (identity.isSuccess) return <Badge tone="ok">200 OK</Badge>;
  if (identity.isPending) return <Badge>checking</Badge>;
  return (
    <Badge tone="danger">
      {identity.error instanceof ApiError ? identity.error.problem.status : 'no answer'}
    </Badge>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="mt-4 grid gap-1.5 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-4">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="ml-auto min-w-0 text-right font-medium [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
