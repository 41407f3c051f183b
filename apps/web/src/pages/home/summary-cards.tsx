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
  bearer: { line: 'Authorization: Bearer …', kept: 'localStorage', sender: 'your code', readable: 'yes' },
  cookie: {
    line: 'Cookie: jwt=…',
    kept: "the browser's cookie jar",
    sender: 'the browser, by itself',
    readable: 'no: HttpOnly',
  },
};

/** The header's question: how does it travel? */
export function TransportCard({ carrier, decoded }: { carrier: Carrier; decoded: DecodedToken | null }) {
  const { line, kept, sender, readable } = transports[carrier];
  return (
    <Card part="header" title="How it travels" colour="text-header" bar="bg-header">
      <p className="rounded-lg bg-header/8 px-3 py-2 font-mono text-[0.8125rem] text-header [overflow-wrap:anywhere]">
        {line}
      </p>
      <Facts
        facts={[
          ['Kept in', kept],
          ['Sent by', sender],
          ['Readable by script', readable],
          ...(decoded?.algorithm ? [['Signed with', decoded.algorithm] as const] : []),
        ]}
      />
    </Card>
  );
}

type ContentCardProps = { user: User | undefined; expiresAtSeconds: number | undefined; now: number };

/** The payload's question: what does it say, and until when? */
export function ContentCard({ user, expiresAtSeconds, now }: ContentCardProps) {
  return (
    <Card part="payload" title="What it says" colour="text-payload" bar="bg-payload">
      {expiresAtSeconds === undefined ? (
        <p className="rounded-lg bg-payload/8 px-3 py-2 text-[0.8125rem] text-payload">
          Its end is inside, where script cannot look. When it comes, the page renews it.
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
            {expiresAtSeconds * 1000 > now ? 'until it expires' : 'It has expired: the next call renews it.'}
          </span>
        </p>
      )}
      {user ? (
        <Facts
          facts={[
            ['User ID', user.uid],
            ['Number', String(user.id)],
            ['Role', user.role],
          ]}
        />
      ) : (
        <Skeleton className="mt-4 h-24" />
      )}
    </Card>
  );
}

/** The signature's question: does it hold? Only the API can say. */
export function VerdictCard({ identity }: { identity: UseQueryResult<Identity> }) {
  return (
    <Card part="signature" title="Whether it holds" colour="text-signature" bar="bg-signature">
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
  if (identity.isSuccess) return <Badge tone="signature">200 OK</Badge>;
  if (identity.isPending) return <Badge>asking</Badge>;
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
        <div key={name} className="flex justify-between gap-4">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 text-right font-medium [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
