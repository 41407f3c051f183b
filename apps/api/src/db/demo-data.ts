import { createHash } from 'node:crypto';
import { readDemoImage } from '../assets.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './connect.ts';
import { fold, foldPrefix } from './fold.ts';
import { bumpSequence } from './sequences.ts';
import { transact } from './transact.ts';

/**
 * The article's rows, as printed there. Their passwords are published (`123toby` and so on), so the
 * configuration allows them on one's own machine only. The hashes have the form that the article's Flask
 * app makes.
 */
const users = [
  {
    id: 1,
    name: 'Thomas Edison',
    uid: 'toby',
    role: 'admin',
    dob: '1847-02-11',
    password:
      'pbkdf2:sha256:600000$BmPhi0cd23$febb0eae88a65b4cfa69d81aedb2cb85f72448190e3e99f65583f620d2ed35b4',
  },
  {
    id: 2,
    name: 'Nicholas Tesla',
    uid: 'niko',
    role: 'user',
    dob: '1856-07-10',
    password:
      'pbkdf2:sha256:600000$JlKcuZ4zO6$7481025b8c1bce3873a672a09bbaca9d8f4b77dcfb56de4e88ab3356dc94b1a9',
  },
  {
    id: 3,
    name: 'Alexander Graham Bell',
    uid: 'lex',
    role: 'user',
    // The article has the day on which the rows are loaded.
    dob: undefined,
    password:
      'pbkdf2:sha256:600000$Pvy3ezeU2O$e13e25988ea3b2d31a8d68aa7666172eac802caf680bc62e09a975a80402a573',
  },
  {
    id: 4,
    name: 'Grace Hopper',
    uid: 'hop',
    role: 'user',
    dob: '1906-12-09',
    password:
      'pbkdf2:sha256:600000$cnZT1q7zdS$2b3287f9bdbe7e5415297f3851ec110e0583522344da74cdb99c5c25eed57a7f',
  },
] as const;

const players = [
  {
    id: 1,
    name: 'Azeem Khan',
    uid: 'azeemK',
    tokens: 45,
    password:
      'pbkdf2:sha256:600000$MHro9mvbe2$554fd8cf4c45f6c4e0563211cfe772adddd1b1b7f554e6a55c8684726fc8f9c6',
  },
  {
    id: 2,
    name: 'Ahad Biabani',
    uid: 'ahadB',
    tokens: 41,
    password:
      'pbkdf2:sha256:600000$UuMOfrfRHk$ce15ed92154dfabde9ffe875b9de5b764a95be34813656129117bee0135af322',
  },
  {
    id: 3,
    name: 'Akshat Parikh',
    uid: 'akshatP',
    tokens: 40,
    password:
      'pbkdf2:sha256:600000$pWbPULaQxg$02bce2668b7f0e2f56d3a4e4ff2377495bf415801d9b1c0bacda743b33c5ee61',
  },
  {
    id: 4,
    name: 'Josh Williams',
    uid: 'joshW',
    tokens: 38,
    password:
      'pbkdf2:sha256:600000$GQmuf5NeNO$b145abbbec2d867cff45199ee0f1b6603698702ab35271082d1be798571f494c',
  },
] as const;

/**
 * Loads the demo rows into a database without users. A database with users stays as it is, and the answer
 * is false.
 */
export async function loadDemoData(db: Database, clock: Pick<Clock, 'timestamp'>): Promise<boolean> {
  const at = clock.timestamp();
  return transact(db, async (trx) => {
    if (await trx('users').first('id')) return false;
    // Two processes that start at the same time on an empty database load the same rows.
    const load = async (table: string, rows: readonly object[]) =>
      void (await trx(table).insert(rows).onConflict().ignore());
    const bytes = readDemoImage();
    const image = createHash('sha256').update(bytes).digest('hex');
    await load('users', users.map(toUserRow(at)));
    await load('images', [{ id: image, media_type: 'image/png', bytes }]);
    await load(
      'posts',
      users.map(({ id, name }) => ({
        id,
        note: `#### ${name} Test Note ####`,
        image,
        // Where a PNG has its width and height (PNG 3, section 11.2.1).
        image_width: bytes.readUInt32BE(16),
        image_height: bytes.readUInt32BE(20),
        user_id: id,
        created_at: at,
        updated_at: at,
      })),
    );
    await load(
      'players',
      players.map((player) => ({ ...player, uid_key: fold(player.uid) })),
    );
    for (const table of ['users', 'posts', 'players']) await bumpSequence(trx, table);
    return true;
  });
}

/** Removes the demo players that are as they were loaded, and answers how many there were. */
export async function removeDemoPlayers(trx: Database): Promise<number> {
  let count = 0;
  for (const player of players) count += await trx('players').where(player).delete();
  return count;
}

function toUserRow(at: string) {
  return ({ dob, ...user }: (typeof users)[number]) => ({
    ...user,
    dob: dob ?? at.slice(0, 10),
    uid_key: fold(user.uid),
    name_key: foldPrefix(user.name),
    password_method: 'pbkdf2:sha256:600000',
    is_demo: true,
    created_at: at,
    updated_at: at,
  });
}
