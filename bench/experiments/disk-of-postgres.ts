import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import knex from 'knex';
import { startApi } from '../rig/api.ts';
import { createCaller, json, signIn } from '../rig/calls.ts';
import { freshDatabase } from '../rig/databases.ts';
import { tally } from '../rig/figures.ts';
import { fill, mountTiny } from '../rig/file-systems.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { isUnready, readAtOnce } from './disk-visit.ts';

/**
 * The server refuses writes (`default_transaction_read_only`, as on a
 * standby), or the disk of a table is full.
 */
export async function diskOfPostgres(stage: Stage): Promise<Claim[]> {
  const { env } = await freshDatabase(stage, 'PostgreSQL');
  const api = await startApi(stage, { env });
  const { token, refresh_token } = await signIn(api.port);
  const { call, close } = createCaller({ port: api.port });
  const admin = knex({ client: 'pg', connection: env.DATABASE_URL ?? '', pool: { min: 1, max: 1 } });
  stage.onEnd(async () => {
    close();
    await admin.destroy();
  });
  await admin.raw('SET default_transaction_read_only = off');
  const post = (length: number) =>
    call('POST', '/api/posts', { token, body: { note: `${Math.random()} `.padEnd(length, 'x') } });
  const first = json<{ id: number }>(await post(100)).id;
  const switchTo = async (value: 'on' | 'off') => {
    await admin.raw(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await admin.raw('SELECT pg_reload_conf()');
    await delay(500);
  };

  say('disk: default_transaction_read_only=on while running, on PostgreSQL');
  await switchTo('on');
  const refused = [
    await post(100),
    await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
    await call('POST', '/api/sessions/refresh', { body: { refresh_token } }),
    await call('DELETE', `/api/posts/${first}`, { token }),
  ];
  const read = [
    await call('GET', '/protected', { token }),
    await call('GET', '/api/posts', { token }),
    ...(await readAtOnce(api.port, token)),
  ];
  await switchTo('off');
  const [written, entered] = [
    await post(100),
    await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
  ];
  const claims = [
    claim(
      refused.every(isUnready),
      `read-only: writes are problems 503 with Retry-After (${tally(refused.map(({ status }) => status))})`,
    ),
    claim(
      read.every(({ status }) => status === 200),
      'read-only: reads and token checks go on',
    ),
    claim(written.status === 201 && entered.status === 200, 'read-only: well again without a restart'),
  ];

  say('disk: the table of posts on a full disk (a tmpfs of 4 MB), on PostgreSQL');
  const tiny = mountTiny(stage, 4);
  const folder = join(tiny, 'space');
  mkdirSync(folder);
  execFileSync('chown', ['-R', 'postgres:', tiny]);
  stage.onEnd(() => admin.raw('DROP TABLE posts CASCADE').then(() => admin.raw('DROP TABLESPACE tiny')));
  await admin.raw(`CREATE TABLESPACE tiny LOCATION '${folder}'`);
  await admin.raw('ALTER TABLE posts SET TABLESPACE tiny');
  const filler = join(tiny, 'filler');
  fill(filler);
  const acknowledged: number[] = [];
  let answer = await post(9000);
  // Pages that are allocated already are filled first.
  for (; answer.status === 201 && acknowledged.length < 1000; answer = await post(9000))
    acknowledged.push(json<{ id: number }>(answer).id);
  const others = [
    await call('GET', '/protected', { token }),
    await call('GET', '/api/posts', { token }),
    await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
  ];
  rmSync(filler);
  const again = await post(9000);
  const found = await Promise.all(
    acknowledged.map(async (id) => (await call('GET', `/api/posts/${id}`, { token })).status),
  );
  await api.end('SIGTERM');
  return [
    ...claims,
    claim(
      isUnready(answer),
      `full: a write is a problem 503 with Retry-After (${answer.status}, after ${acknowledged.length} that went through)`,
    ),
    claim(
      others.every(({ status }) => status === 200),
      'full: what needs none of that disk goes on',
    ),
    claim(
      again.status === 201 && found.every((status) => status === 200),
      'full: well again without a restart, and nothing acknowledged is lost',
    ),
  ];
}
