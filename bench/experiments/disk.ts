import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import knex from 'knex';
import { type Api, runApi, startApi } from '../rig/api.ts';
import { type Answer, createCaller, json, signIn } from '../rig/calls.ts';
import { freshDatabase } from '../rig/databases.ts';
import { tally } from '../rig/figures.ts';
import { freeze, mountExt4, mountTiny, thaw } from '../rig/file-systems.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

/** The disk is full or read-only while the API runs: writes are refused in good order, reads go on, and nothing acknowledged is lost. */
export async function disk(stage: Stage): Promise<Claim[]> {
  if (userInfo().uid !== 0) return [claim(false, 'only root may mount the file systems that this needs')];
  return [
    ...(await full(stage)),
    ...(await frozen(stage)),
    ...(await failed(stage)),
    ...(await readOnlyAtStart(stage)),
    ...(await postgres(stage)),
  ];
}

async function full(stage: Stage): Promise<Claim[]> {
  say('disk: full (a tmpfs of 24 MB, filled up), on SQLite');
  const folder = mountTiny(stage, 24);
  const filler = join(folder, 'filler');
  const visit = await begin(stage, folder);
  return visit.through('full', {
    begin: () => fill(filler),
    end: () => rmSync(filler),
  });
}

async function frozen(stage: Stage): Promise<Claim[]> {
  say('disk: read-only (ext4, every file immutable, also to whoever has it open), on SQLite');
  const disk = mountExt4(stage, 64);
  const visit = await begin(stage, disk.folder);
  return visit.through('read-only', { begin: () => freeze(disk.folder), end: () => thaw(disk.folder) });
}

/** What a failing disk does: the kernel makes the file system read-only, and only a repair, which nobody may be using it in, leads back. */
async function failed(stage: Stage): Promise<Claim[]> {
  say('disk: failed (ext4 after an error, errors=remount-ro), on SQLite');
  const disk = mountExt4(stage, 64);
  const visit = await begin(stage, disk.folder);
  say(`  mount -o remount,ro while the API runs: ${disk.remount('ro') ?? 'done'}`);
  disk.remount('rw');
  // What was written is on the disk by then, so that from here on every page that SQLite changes asks the file system first.
  execFileSync('sync', ['-f', disk.folder]);
  disk.fail();
  const during = await visit.whileAway('failed');
  say(`  mount -o remount,rw afterwards: ${disk.remount('rw') ?? 'done'}`);
  const { code } = await visit.api.end('SIGTERM');
  disk.repairAndMount('errors=remount-ro');
  const again = await startApi(stage, { folder: disk.folder });
  const after = await visit.whatIsThere(again, 'failed, repaired and started again');
  await again.end('SIGTERM');
  return [...during, claim(code === 0, `failed: it ends in good order on SIGTERM (${code})`), ...after];
}

async function readOnlyAtStart(stage: Stage): Promise<Claim[]> {
  say('disk: read-only at start');
  const claims: Claim[] = [];
  for (const state of ['with data', 'empty'] as const) {
    const disk = mountExt4(stage, 64);
    if (state === 'with data') await (await startApi(stage, { folder: disk.folder })).end('SIGTERM');
    disk.repairAndMount('ro');
    const api = runApi(stage, { DATA_DIR: disk.folder });
    const began = performance.now();
    const { code } = await Promise.race([api.exit, delay(15_000).then(() => api.end('SIGKILL'))]);
    const message = api.errors().trim();
    say(`  ${message.replaceAll('\n', '\n  ')}`);
    const isClear = [disk.folder, 'read-only', 'DATA_DIR'].every((word) => message.includes(word)) && message.split('\n').length === 1;
    claims.push(claim(code === 1 && isClear, `${state}: it exits with 1 after ${(performance.now() - began).toFixed(0)} ms and says why`));
  }
  return claims;
}

/** The server may not write (`default_transaction_read_only`, as a standby or an operator has it), or a table's disk is full. */
async function postgres(stage: Stage): Promise<Claim[]> {
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
  const post = (length: number) => call('POST', '/api/posts', { token, body: { note: `${Math.random()} `.padEnd(length, 'x') } });
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
  const [written, entered] = [await post(100), await call('POST', '/token', { body: { username: 'niko', password: '123niko' } })];
  const claims = [
    claim(refused.every(isUnready), `read-only: writes are problems 503 with Retry-After (${tally(refused.map(({ status }) => status))})`),
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
  // What is allocated already is filled up first.
  for (; answer.status === 201 && acknowledged.length < 1000; answer = await post(9000)) acknowledged.push(json<{ id: number }>(answer).id);
  const others = [
    await call('GET', '/protected', { token }),
    await call('GET', '/api/posts', { token }),
    await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
  ];
  rmSync(filler);
  const again = await post(9000);
  const found = await Promise.all(acknowledged.map(async (id) => (await call('GET', `/api/posts/${id}`, { token })).status));
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

/** An API in the folder with somebody signed in and something written. */
async function begin(stage: Stage, folder: string) {
  const api = await startApi(stage, { folder });
  const { token, refresh_token } = await signIn(api.port);
  const { call, close } = createCaller({ port: api.port });
  stage.onEnd(close);
  /** By id, the note that the API said it had stored. */
  const acknowledged = new Map<number, string>();

  const write = async (): Promise<Answer> => {
    const note = `Note ${Math.random()} `.padEnd(9000, 'x');
    const answer = await call('POST', '/api/posts', { token, body: { note } });
    if (answer.status === 201) acknowledged.set(json<{ id: number }>(answer).id, note);
    return answer;
  };
  for (let count = 0; count < 50; count += 1) await write();

  return {
    api,

    async through(state: string, { begin, end }: { begin: () => void; end: () => void }): Promise<Claim[]> {
      begin();
      try {
        const during = await this.whileAway(state);
        end();
        const ended = performance.now();
        while ((await write()).status !== 201 && performance.now() - ended < 15_000) await delay(100);
        const seconds = (performance.now() - ended) / 1000;
        const { status } = await call('POST', '/token', { body: { username: 'niko', password: '123niko' } });
        const well = claim(
          seconds < 5 && status === 200 && !api.hasEnded(),
          `${state}: well again without a restart after ${seconds.toFixed(2)} s`,
        );
        const there = await this.whatIsThere(api, state);
        await api.end('SIGTERM');
        const again = await startApi(stage, { folder });
        const still = await this.whatIsThere(again, `${state}, and started again`);
        await again.end('SIGTERM');
        return [...during, well, ...there, ...still];
      } catch (error) {
        end();
        throw error;
      }
    },

    async whileAway(state: string): Promise<Claim[]> {
      // What is allocated already may still be written, so a full disk shows after a while.
      let admitted = 0;
      while ((await write()).status === 201 && admitted < 1000) admitted += 1;
      const writes = {
        'POST /api/posts': await write(),
        'PATCH /api/posts/1': await call('PATCH', '/api/posts/1', { token, body: { note: 'y'.repeat(9000) } }),
        'POST /token': await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
        'POST /token, wrong password': await call('POST', '/token', { body: { username: 'niko', password: 'not this one' } }),
        'POST /api/users/authenticate': await call('POST', '/api/users/authenticate', { body: { uid: 'niko', password: '123niko' } }),
        'POST /api/users/signup': await call('POST', '/api/users/signup', {
          body: { name: 'Too Late', uid: 'too-late', password: 'no room for this one' },
        }),
        'POST /api/sessions/refresh': await call('POST', '/api/sessions/refresh', { body: { refresh_token } }),
        'DELETE /api/posts/2': await call('DELETE', '/api/posts/2', { token }),
      };
      const reads = {
        'GET /protected': await call('GET', '/protected', { token }),
        'GET /api/users': await call('GET', '/api/users', { token }),
        'GET /api/users/me': await call('GET', '/api/users/me', { token }),
        'GET /api/posts': await call('GET', '/api/posts?limit=500', { token }),
        'GET /api/posts/1/image': await call('GET', '/api/posts/1/image', { token }),
        'GET /api/players': await call('GET', '/api/players', { token }),
        'GET /api/sessions': await call('GET', '/api/sessions', { token }),
        'GET /api/audit': await call('GET', '/api/audit', { token }),
        'GET /healthz': await call('GET', '/healthz'),
        'GET /metrics': await call('GET', '/metrics'),
      };
      const crowd = await readAtOnce(api.port, token);
      say(`  ${admitted} more writes went through, then:`);
      const show = (answers: Record<string, Answer>) =>
        Object.entries(answers)
          .map(([what, { status, failure, ms }]) => `${what} ${failure ?? status} (${ms.toFixed(0)} ms)`)
          .join(', ');
      say(`  ${show(writes)}`);
      say(`  ${show(reads)}, GET /readyz ${(await call('GET', '/readyz')).status}`);
      // A full disk has room left here and there: what needs none of it may succeed.
      const mayPass = state === 'full' ? [200, 201, 204, 401] : [];
      const isRefusal = (answer: Answer) => isUnready(answer) || mayPass.includes(answer.status);
      return [
        claim(
          Object.values(writes).every(isRefusal) && isUnready(writes['POST /api/posts']),
          `${state}: writes are problems 503 with Retry-After`,
        ),
        claim(
          [...Object.values(reads), ...crowd].every(({ status }) => status === 200),
          `${state}: reads and token checks go on, one by one and ${crowd.length} at once`,
        ),
      ];
    },

    async whatIsThere({ port }: Pick<Api, 'port'>, state: string): Promise<Claim[]> {
      const other = createCaller({ port });
      const lost: number[] = [];
      for (const [id, note] of acknowledged) {
        const answer = await other.call('GET', `/api/posts/${id}`, { token });
        if (answer.status !== 200 || json<{ note: string }>(answer).note !== note) lost.push(id);
      }
      other.close();
      const db = knex({ client: 'sqlite3', connection: { filename: join(folder, 'signet.db') }, useNullAsDefault: true });
      const [{ integrity_check }] = await db.raw('PRAGMA integrity_check');
      await db.destroy();
      return [
        claim(
          lost.length === 0 && integrity_check === 'ok',
          `${state}: all ${acknowledged.size} acknowledged posts are there, and the file is sound (${integrity_check}); lost: ${lost.length}`,
        ),
      ];
    },
  };
}

/** Enough at a time that the API opens every connection that it reads by. */
async function readAtOnce(port: number, token: string): Promise<Answer[]> {
  const callers = Array.from({ length: 40 }, () => createCaller({ port }));
  const answers = await Promise.all(callers.map(({ call }) => call('GET', '/api/users', { token })));
  for (const { close } of callers) close();
  return answers;
}

function isUnready({ status, headers, text }: Answer): boolean {
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  return (
    status === 503 && isProblem && /^\d+$/.test(headers['retry-after'] ?? '') && (JSON.parse(text) as { code: string }).code === 'not_ready'
  );
}

/** Writes until there is no room for one more byte. */
function fill(file: string): void {
  for (let chunk = 1024 * 1024; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(chunk), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
