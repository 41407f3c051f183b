import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { waitForOutput } from '@signet/rig';
import { runScript, startApi } from '../rig/api.ts';
import { createCaller, json, signIn } from '../rig/calls.ts';
import { engines, freshDatabase } from '../rig/databases.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

const holdMs = 3000;
const holder = fileURLToPath(new URL('../rig/hold-lock.ts', import.meta.url));

/**
 * Another process locks the database for three seconds: writes wait and
 * succeed, and token checks do not wait.
 */
export async function lock(stage: Stage): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const engine of engines) {
    say(`lock: another process holds the database for ${holdMs} ms, on ${engine}`);
    const { env, folder } = await freshDatabase(stage, engine);
    const api = await startApi(stage, { env, folder });
    const { token } = await signIn(api.port);
    const { DATABASE_URL = join(folder, 'signet.db') } = env;
    const other = runScript(stage, holder, [DATABASE_URL, String(holdMs)]);
    await waitForOutput(other, /held/);

    const writing = [
      ['POST', '/api/posts', 201, { note: 'Written while the database was held' }],
      ['POST', '/token', 200, { username: 'toby', password: '123toby' }],
      [
        'POST',
        '/api/users/signup',
        201,
        { name: 'In Waiting', uid: 'in-waiting', password: 'a long wait for it' },
      ],
    ] as const;
    const writes = writing.map(async ([method, path, expected, body]) => {
      const caller = createCaller({ port: api.port });
      const answer = await caller.call(method, path, { token, body });
      caller.close();
      return { what: `${method} ${path}`, expected, ...answer };
    });
    const reader = createCaller({ port: api.port });
    const read = await reader.call('GET', '/protected', { token });
    const answers = await Promise.all(writes);
    await other.exit;
    for (const { what, status, ms } of answers) say(`  ${what}: ${status} after ${ms.toFixed(0)} ms`);
    say(`  GET /protected meanwhile: ${read.status} after ${read.ms.toFixed(0)} ms`);
    claims.push(
      claim(
        answers.every(({ status, expected }) => status === expected),
        `${engine}: every write waits and succeeds`,
      ),
    );
    claims.push(
      claim(Math.max(...answers.map(({ ms }) => ms)) > holdMs - 700, `${engine}: they did have to wait`),
    );
    claims.push(
      claim(
        read.status === 200 && read.ms < 1000,
        `${engine}: a token is checked meanwhile, without waiting`,
      ),
    );
    await delay(100);
    const posts = json<{ note: string }[]>(await reader.call('GET', '/api/posts', { token }));
    claims.push(
      claim(
        posts.some(({ note }) => note.includes('while the database was held')),
        `${engine}: what was written is there`,
      ),
    );
    reader.close();
    await api.end('SIGTERM');
  }
  return claims;
}
