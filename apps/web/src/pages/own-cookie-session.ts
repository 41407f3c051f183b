import { endpoints } from '@signet/contracts';
import type { AuthClient } from '../session/auth-client.ts';
import { createProbe } from './probe.ts';

/** Whether a sign-in by cookie would replace a session that this browser already has in a cookie. */
export async function hasOwnCookieSession({
  apiUrl,
  send,
  state,
}: Pick<AuthClient, 'apiUrl' | 'send' | 'state'>): Promise<boolean> {
  const session = state();
  if (session.status === 'signed-in' && session.stored.carrier === 'cookie') return true;
  const { status } = await createProbe(apiUrl, send)(endpoints.readProtected, { credentials: 'include' });
  return status === 200;
}
