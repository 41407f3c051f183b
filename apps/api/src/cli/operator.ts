import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { Services } from '../services.ts';

/** What the audit log says in place of an address, a user agent and a request id. */
export const here: RequestSource = {
  ip: null,
  user_agent: 'signet command line',
  request_id: 'command line',
};

/** Throws `not_found` where no user has the user id. */
export async function findUser({ users }: Services, uid: string): Promise<{ id: number }> {
  const known = await users.findCredentials(uid);
  if (!known) throw new AppError('not_found', `There is no user ${uid}`);
  return known.user;
}
