import type { Carrier } from '@signet/contracts';
import { ArrowRight } from 'lucide-react';
import { Fragment } from 'react';
import { Facts } from './facts.tsx';

const transports = {
  bearer: {
    stops: [
      ['Page', 'reads the token and adds', 'Authorization: Bearer …'],
      ['Browser', 'sends it as it is', 'asks first, by a preflight'],
      ['API', 'reads the header', 'Authorization'],
    ],
    store: 'localStorage',
    sender: 'your code',
    readable: 'yes',
  },
  cookie: {
    stops: [
      ['Page', 'makes the request with', "credentials: 'include'"],
      ['Browser', 'adds the cookie automatically', 'Cookie: jwt=…'],
      ['API', 'reads the cookie', 'jwt'],
    ],
    store: "the browser's cookie jar",
    sender: 'the browser, automatically',
    readable: 'no (HttpOnly)',
  },
} as const;

/**
 * How the token travels. It is no part of the token, so it has none of the three colours: the header of the request is
 * another thing than the header of the token.
 */
export function TransportStrip({ carrier }: { carrier: Carrier }) {
  const { stops, store, sender, readable } = transports[carrier];
  return (
    <section
      aria-labelledby="transport"
      className="rounded-2xl border border-line bg-surface p-5 shadow-panel sm:p-6"
    >
      <h2 id="transport" className="font-semibold text-lg tracking-tight">
        How it travels
      </h2>
      <p className="mt-0.5 text-pretty text-muted text-sm">
        {carrier === 'bearer'
          ? 'Bearer token: your code stores and sends it.'
          : 'HttpOnly cookie: the browser stores and sends it.'}
      </p>
      <ol className="mt-4 grid items-center gap-2 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
        {stops.map(([who, does, what], index) => (
          <Fragment key={who}>
            {index > 0 && (
              <li aria-hidden className="justify-self-center text-muted">
                <ArrowRight className="size-5 rotate-90 md:rotate-0" />
              </li>
            )}
            <li className="min-w-0 self-stretch rounded-xl border border-line bg-sunken px-4 py-3 text-sm">
              <span className="font-semibold">{who}</span> <span className="text-muted">{does}</span>
              <code className="mt-1 block font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{what}</code>
            </li>
          </Fragment>
        ))}
      </ol>
      <Facts
        facts={[
          ['Stored in', store],
          ['Sent by', sender],
          ['Readable by JavaScript', readable],
        ]}
        className="mt-4 xl:grid-cols-3 xl:gap-x-8"
      />
    </section>
  );
}
