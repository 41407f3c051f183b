import { useQuery } from '@tanstack/react-query';
import { useAuth } from '../../session/auth-context.tsx';
import { absoluteTime } from '../../ui/time.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { type CookieFacts, readCookieFacts } from './cookie-facts.ts';

/** Asks the API about the token in the cookie, once, and shows what it says. */
export function CookieFactsList() {
  const auth = useAuth();
  const facts = useQuery({
    queryKey: ['cookie-facts'],
    queryFn: () => readCookieFacts(auth),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (facts.isError) return <ErrorAlert error={facts.error} onRetry={() => void facts.refetch()} />;
  return <div role="status">{facts.data && <Facts facts={facts.data} />}</div>;
}

function Facts({ facts: { session, keys, bytes } }: { facts: CookieFacts }) {
  const algorithms = [...new Set(keys.map(({ alg }) => alg))].join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ['Session (sid)', session?.id ?? 'not in the list of your sessions'],
    ['Signed in', session ? absoluteTime(Date.parse(session.created_at)) : 'unknown'],
    ['Session ends', session ? absoluteTime(Date.parse(session.expires_at)) : 'unknown'],
    ['Algorithm', algorithms || 'HS256, under a secret that only the API has'],
    ['Keys (kid)', keys.map(({ kid }) => kid).join(', ') || 'none is public'],
    ['Length', bytes === undefined ? 'unknown, because the API shows no trace here' : `${bytes} bytes`],
  ];
  return (
    <>
      {bytes !== undefined && (
        <p
          aria-hidden
          className="mt-3 select-none font-mono text-muted text-xs leading-4 [overflow-wrap:anywhere]"
        >
          {'•'.repeat(bytes)}
        </p>
      )}
      <dl className="mt-3 grid gap-x-4 gap-y-1 sm:grid-cols-[8rem_minmax(0,1fr)]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
