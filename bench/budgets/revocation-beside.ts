import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { startApi } from '../rig/api.ts';
import { createCaller, signIn } from '../rig/calls.ts';
import { say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase } from '../rig/users.ts';
import { type Change, measureOne, type Times } from './revocation-time.ts';

const times = 20;
const cli = fileURLToPath(new URL('../../apps/api/dist/cli.js', import.meta.url));

/**
 * One API on SQLite, while the command line and a program with SQL change the same file: how long each change leaves
 * something open, by its name. The time begins when another connection sees the change, because a command ends later.
 */
export async function revocationBeside(stage: Stage): Promise<Map<string, Times>> {
  say(`revocation: ${times} changes of each kind by the command line beside an API on SQLite`);
  const api = await startApi(stage);
  await signIn(api.port, 'niko');
  const db = openDatabase(stage, api.folder);
  const asker = createCaller({ port: api.port });
  stage.onEnd(asker.close);
  const command = (args: readonly string[], input?: string) => runCommand(api.folder, args, input);

  const kinds: Record<string, Kind> = {
    '`signet sessions end`': {
      make: (uid) => command(['sessions', 'end', '--user', uid]),
      isSeen: async (user_id) => !(await db('sessions').where({ user_id, ended_at: null }).first('id')),
    },
    '`signet user set-role`': {
      path: '/api/audit',
      prepare: (uid) => db('users').where({ uid }).update({ role: 'admin' }),
      make: (uid) => command(['user', 'set-role', uid, 'user']),
      isSeen: async (id) => (await db('users').where({ id }).first('role')).role === 'user',
    },
    '`signet user set-password`': {
      make: (uid) =>
        command(['user', 'set-password', uid, '--password-stdin'], 'the next password of this one\n'),
      isSeen: async (user_id) => !(await db('sessions').where({ user_id, ended_at: null }).first('id')),
    },
    'SQL that deletes a user': {
      make: (uid) => db('users').where({ uid }).delete(),
      isSeen: async (id) => !(await db('users').where({ id }).first('id')),
    },
  };
  const uids = await copyUser(db, 'niko', Object.keys(kinds).length * times);
  const measured = new Map<string, Times>();
  for (const [name, { path = '/protected', prepare, make, isSeen }] of Object.entries(kinds)) {
    const each: Times = { own: [], others: [] };
    for (let round = 0; round < times; round += 1) {
      const uid = uids.pop() ?? '';
      await prepare?.(uid);
      const { token } = await signIn(api.port, uid, '123niko');
      const { id } = await db('users').where({ uid }).first('id');
      const change: Change = { token, make: () => whenSeen(make(uid), () => isSeen(id)) };
      // The API did not make the change itself, so it is one of the others.
      await measureOne([asker], path, change, { own: each.others, others: [] });
    }
    measured.set(name, each);
  }
  await api.end('SIGTERM');
  return measured;
}

type Kind = {
  readonly path?: string;
  readonly prepare?: (uid: string) => Knex.QueryBuilder;
  readonly make: (uid: string) => PromiseLike<unknown>;
  readonly isSeen: (user_id: number) => Promise<boolean>;
};

/** Resolves to the time of the question that saw the change, once what makes it has ended. */
async function whenSeen(making: PromiseLike<unknown>, isSeen: () => Promise<boolean>): Promise<number> {
  const made = Promise.resolve(making);
  // Awaited below; until then a failure would end this process.
  made.catch(() => {});
  const patience = performance.now() + 30_000;
  for (;;) {
    const asked = performance.now();
    if (await isSeen()) {
      await made;
      return asked;
    }
    if (asked > patience) throw new Error('The change is not in the database after 30 s');
  }
}

async function runCommand(folder: string, args: readonly string[], input = ''): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: folder },
    cwd: tmpdir(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`signet ${args.join(' ')}: ${errors}`);
}
