import type { RecordEvent } from '../audit/store.ts';
import type { Database } from '../db/connect.ts';
import { removeDemoPlayers } from '../db/demo-data.ts';
import { transact } from '../db/transact.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';

type DemoUsersDeps = {
  readonly db: Database;
  /** Removes a user's posts, and the images that only they have, in the transaction that removes the user. */
  readonly removePosts: (trx: Database, user_id: number) => Promise<unknown>;
  /** Ends all sessions of a user in the transaction, and answers how many there were. */
  readonly endSessions: (trx: Database, user_id: number) => Promise<number>;
  readonly record: RecordEvent;
};

export type DemoUsers = ReturnType<typeof createDemoUsers>;

/**
 * What the audit log says in place of an address and a request id, because the configuration asked for it and
 * no request did.
 */
const atStart: RequestSource = { ip: null, user_agent: null, request_id: 'start' };

/**
 * The demo users that a database holds: users whose password the article publishes. They are marked when they
 * are loaded, and a password of their own removes the mark.
 */
export function createDemoUsers({ db, removePosts, endSessions, record }: DemoUsersDeps) {
  return {
    /**
     * Ends every session of the demo users and warns that they are there. To be called at start where
     * demo data is not allowed: a database that was filled on a laptop keeps its rows when it moves to
     * the internet.
     */
    async shutOut(warn: (message: string) => void): Promise<void> {
      const shut = await transact(db, async (trx) => {
        const demo = await trx('users').select('id').where({ is_demo: true }).orderBy('id').forUpdate();
        for (const { id } of demo) {
          const count = await endSessions(trx, id);
          if (count > 0)
            await record(trx, 'session_ended', atStart, { user_id: id, detail: { by: 0, count } });
        }
        return demo.length;
      });
      if (shut > 0) warn(warningOf(shut));
    },

    /**
     * Removes the demo users with their posts, and the demo players that are as they were loaded. Resolves to
     * the user ids and to the number of players.
     *
     * Throws `last_admin` if no other user is an admin: a deployment should have its own admin first.
     */
    remove: (from: RequestSource): Promise<{ uids: string[]; players: number }> =>
      transact(db, async (trx) => {
        // Locked in the order of their ids, as everything that removes an admin locks them.
        const rows = await trx('users')
          .select('id', 'uid', 'role', 'is_demo')
          .where({ is_demo: true })
          .orWhere({ role: 'admin' })
          .orderBy('id')
          .forUpdate();
        const demo = rows.filter(({ is_demo }) => is_demo);
        const isAdmin = ({ role }: { role: string }) => role === 'admin';
        if (demo.some(isAdmin) && !rows.some((row) => isAdmin(row) && !row.is_demo))
          throw new AppError(
            'last_admin',
            'Only a demo user is an admin, so nothing was removed. Make an admin first: ' +
              'npm run signet -- user add UID --name NAME --role admin',
          );
        for (const { id, uid } of demo) {
          await removePosts(trx, id);
          await trx('users').where({ id }).delete();
          await record(trx, 'user_deleted', from, { user_id: id, detail: { uid, by: 0 } });
        }
        return { uids: demo.map(({ uid }) => uid), players: await removeDemoPlayers(trx) };
      }),
  };
}

function warningOf(count: number): string {
  return (
    `The database holds ${count} demo users, whose passwords are published. This configuration does not allow demo ` +
    'data, so they cannot sign in, and their sessions are ended. Make an admin of your own: npm run signet -- user ' +
    'add UID --name NAME --role admin. Then remove the demo users: npm run signet -- demo remove. In a container the ' +
    'commands are: signet user add …, signet demo remove.'
  );
}
