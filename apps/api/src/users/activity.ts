import type { UserActivity } from '@signet/contracts';
import type { Principal } from '../http/call.ts';
import { noSuchUser } from './no-such-user.ts';
import type { UserStore } from './store.ts';
import { refuseStranger } from './who-may.ts';

type ActivityDeps = {
  readonly users: Pick<UserStore, 'find'>;
  /** When the user last signed in, or null if the audit log has no sign-in of theirs. */
  readonly findLastSignIn: (user_id: number) => Promise<string | null>;
  readonly countSessions: (user_id: number) => Promise<number>;
  readonly countPosts: (user_id: number) => Promise<number>;
};

export type ReadActivity = ReturnType<typeof createReadActivity>;

/** What a user has and did, for themselves and for admins. */
export function createReadActivity({ users, findLastSignIn, countSessions, countPosts }: ActivityDeps) {
  /** Throws `forbidden`, `not_found`. */
  return async function readActivity(id: number, principal: Principal): Promise<UserActivity> {
    refuseStranger(id, principal);
    if (!(await users.find(id))) noSuchUser();
    const [last_sign_in_at, open_sessions, posts] = await Promise.all([
      findLastSignIn(id),
      countSessions(id),
      countPosts(id),
    ]);
    return { last_sign_in_at, open_sessions, posts };
  };
}
