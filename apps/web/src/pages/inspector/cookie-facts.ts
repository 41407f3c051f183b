import { endpoints, type JwkSet, type Session } from '@signet/contracts';
import type { AuthClient } from '../../session/auth-client.ts';
import { readTrace } from '../read-trace.ts';

/** What can be known of a token that script cannot read: the API says it. */
export type CookieFacts = {
  readonly session: Session | undefined;
  readonly keys: JwkSet['keys'];
  /** From the trace, on one's own machine. */
  readonly bytes: number | undefined;
};

/** Asks the API about the token in this browser's cookie. Rejects with the client's errors. */
export async function readCookieFacts({
  apiUrl,
  call,
  callAs,
  send,
}: Pick<AuthClient, 'apiUrl' | 'call' | 'callAs' | 'send'>): Promise<CookieFacts> {
  const { items } = await call(endpoints.listSessions, { query: { limit: 500 } });
  const { keys } = await callAs(null)(endpoints.readKeys);
  const url = new URL(endpoints.readProtected.path, apiUrl);
  const answer = await send(new Request(url, { credentials: 'include' }));
  const id = answer.headers.get('x-request-id');
  // Without a trace the length stays unknown.
  const trace = await readTrace(callAs).catch(() => []);
  const bytes = trace.find(({ request_id }) => request_id === id)?.token?.bytes;
  return { session: items.find(({ current }) => current), keys, bytes };
}
