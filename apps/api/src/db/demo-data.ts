import type { Database } from './connect.ts';
import { fold, foldPrefix } from './fold.ts';
import { bumpSequence } from './sequences.ts';
import { transact } from './transact.ts';

/**
 * The lesson's rows, as printed there. Their passwords are published (`123toby` and so on), which is why the
 * configuration keeps them away from any origin that is not loopback; the hashes are in the very form that its Flask
 * app makes.
 */
const users = [
  {
    id: 1,
    name: 'Thomas Edison',
    uid: 'toby',
    role: 'admin',
    dob: '1847-02-11',
    password: 'pbkdf2:sha256:600000$BmPhi0cd23$febb0eae88a65b4cfa69d81aedb2cb85f72448190e3e99f65583f620d2ed35b4',
  },
  {
    id: 2,
    name: 'Nicholas Tesla',
    uid: 'niko',
    role: 'user',
    dob: '1856-07-10',
    password: 'pbkdf2:sha256:600000$JlKcuZ4zO6$7481025b8c1bce3873a672a09bbaca9d8f4b77dcfb56de4e88ab3356dc94b1a9',
  },
  {
    id: 3,
    name: 'Alexander Graham Bell',
    uid: 'lex',
    role: 'user',
    // The lesson has the day on which the rows are loaded.
    dob: undefined,
    password: 'pbkdf2:sha256:600000$Pvy3ezeU2O$e13e25988ea3b2d31a8d68aa7666172eac802caf680bc62e09a975a80402a573',
  },
  {
    id: 4,
    name: 'Grace Hopper',
    uid: 'hop',
    role: 'user',
    dob: '1906-12-09',
    password: 'pbkdf2:sha256:600000$cnZT1q7zdS$2b3287f9bdbe7e5415297f3851ec110e0583522344da74cdb99c5c25eed57a7f',
  },
] as const;

/** Loads the demo rows into a database that has no users yet, and leaves any other as it is. */
export async function loadDemoData(db: Database): Promise<void> {
  const at = new Date().toISOString();
  await transact(db, async (trx) => {
    if (await trx('users').first('id')) return;
    const rows = users.map(({ dob = at.slice(0, 10), ...user }) => ({
      ...user,
      dob,
      uid_key: fold(user.uid),
      name_key: foldPrefix(user.name),
      password_method: 'pbkdf2:sha256:600000',
      created_at: at,
      updated_at: at,
    }));
    // Two processes that start at once on an empty database load the same rows.
    await trx('users').insert(rows).onConflict().ignore();
    await bumpSequence(trx, 'users');
  });
}
