import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '@signet/rig';
import type { Knex } from 'knex';
import { startApi } from '../rig/api.ts';
import { type Answer, createCaller, signIn } from '../rig/calls.ts';
import { type Engine, engines, freshDatabase } from '../rig/databases.ts';
import { percentile } from '../rig/figures.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase } from '../rig/users.ts';

/** Events and sessions, 49 to one; all of them are old enough to be deleted. */
const millions: Readonly<Record<Engine, number>> = { SQLite: 1, PostgreSQL: 10 };
const users = 60;
const pauseMs = 20;
const allowedMs = 1000;

type Times = Readonly<Record<'read' | 'write' | 'sign-in', number[]>>;

/**
 * Rows that have run out are deleted beside callers: with millions of them on the first day, as after `AUDIT_DAYS` was
 * made smaller, no statement may hold its locks for long.
 */
export async function prune(stage: Stage, { seconds }: { seconds: number }): Promise<Findings> {
  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const engine of engines) {
    say(`prune: ${millions[engine]} million rows that have run out, on ${engine}, ${seconds} s with callers`);
    const { env, folder } = await databaseWithStatistics(stage, engine);
    const first = await startApi(stage, { env, folder });
    await signIn(first.port, 'niko');
    const db = openDatabase(stage, folder, env.DATABASE_URL);
    const uids = await copyUser(db, 'niko', users);
    const atRest = await callFor(first.port, uids, Math.min(seconds, 20));
    await first.end('SIGTERM');

    await fill(db, engine, millions[engine] * 1_000_000);
    await forgetStatistics(db, engine);
    const before = await countOld(db);
    const api = await startApi(stage, { env, folder });
    const meanwhile = await callFor(api.port, uids, seconds);
    const deleted = before - (await countOld(db));
    const longest = await longestDelete(db, engine);
    await api.end('SIGTERM');

    say(`  ${deleted} of ${before} rows deleted in ${seconds} s`);
    claims.push(claim(deleted > 0, `${engine}: rows were deleted while callers were served`));
    if (longest !== undefined)
      claims.push(
        claim(longest <= allowedMs, `${engine}: the longest statement took ${longest.toFixed(0)} ms`),
      );
    for (const kind of ['read', 'write', 'sign-in'] as const) {
      const figures = [atRest, meanwhile].flatMap((times) =>
        [0.5, 0.99, 1].map((part) => percentile(times[kind], part).toFixed(0)),
      );
      rows.push([engine, kind, ...figures]);
      const worst = percentile(meanwhile[kind], 0.99);
      claims.push(
        claim(
          worst <= allowedMs,
          `${engine}: p99 of ${kind} meanwhile ${worst.toFixed(0)} ms, at rest ${figures[1]}`,
        ),
      );
    }
  }
  const head = ['engine', 'call', 'at rest p50, ms', 'p99', 'worst', 'meanwhile p50, ms', 'p99', 'worst'];
  const figures = table(head, rows);
  say(figures);
  return { claims, tables: [figures] };
}

/** On PostgreSQL the server keeps the longest time of each statement. */
async function databaseWithStatistics(stage: Stage, engine: Engine) {
  if (engine === 'SQLite') return freshDatabase(stage, engine);
  const server = await startPostgres({
    isDurable: true,
    settings: ['shared_preload_libraries=pg_stat_statements', 'max_wal_size=4GB'],
  });
  stage.onEnd(server.stop);
  const { env, folder } = await freshDatabase(stage, 'SQLite');
  return {
    env: { ...env, DATABASE_URL: server.url, SECRET_KEY: 'a key of this experiment only, 0123456789' },
    folder,
  };
}

async function forgetStatistics(db: Knex, engine: Engine): Promise<void> {
  if (engine === 'SQLite') return;
  await db.raw('create extension if not exists pg_stat_statements');
  await db.raw('select pg_stat_statements_reset()');
}

async function longestDelete(db: Knex, engine: Engine): Promise<number | undefined> {
  if (engine === 'SQLite') return undefined;
  const { rows } = await db.raw(
    `select max(max_exec_time) as ms from pg_stat_statements where query like 'delete from%'`,
  );
  return Number(rows[0].ms);
}

async function countOld(db: Knex): Promise<number> {
  const counted = await Promise.all(
    (['audit_events', 'sessions'] as const).map((name) =>
      db(name).where('ip', '192.0.2.1').count({ count: '*' }),
    ),
  );
  return counted.reduce((sum, [row]) => sum + Number(row?.count), 0);
}

/** Inserts events of 400 days ago and sessions that expired 100 days ago. */
async function fill(db: Knex, engine: Engine, count: number): Promise<void> {
  const [events, sessions] = [Math.round(count * 0.98), Math.round(count * 0.02)];
  const numbers =
    engine === 'SQLite'
      ? '(with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i from n) as numbers'
      : 'generate_series(1, ?) as numbers(i)';
  const ago = (days: number) =>
    engine === 'SQLite'
      ? `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${days} days', (-i % 86400) || ' seconds')`
      : `now() - interval '${days} days' - (i % 86400) * interval '1 second'`;
  if (engine === 'SQLite') {
    await db.raw('PRAGMA synchronous = OFF');
    await db.raw('PRAGMA cache_size = -500000');
  }
  const { id } = await db('users').where({ uid: 'niko' }).first('id');
  await db.raw(
    `insert into audit_events (at, event, user_id, ip, request_id, detail)
     select ${ago(400)}, 'sign_in', 1 + i % 1000, '192.0.2.1', 'request ' || i, '{}' from ${numbers}`,
    [events],
  );
  const key = engine === 'SQLite' ? `printf('%022d', i)` : `lpad(i::text, 22, '0')`;
  await db.raw(
    `insert into sessions (id, user_id, carrier, generation, created_at, last_used_at, rotated_at, expires_at, ip)
     select ${key}, ${Number(id)}, 'bearer', 0, ${ago(130)}, ${ago(130)}, ${ago(130)}, ${ago(100)}, '192.0.2.1'
     from ${numbers}`,
    [sessions],
  );
  if (engine === 'PostgreSQL') await db.raw('analyze');
}

/** Three callers, each with calls of its own kind, for so many seconds. */
async function callFor(port: number, uids: readonly string[], seconds: number): Promise<Times> {
  const tokens: string[] = [];
  for (const uid of uids) tokens.push((await signIn(port, uid, '123niko')).token);
  const times: Times = { read: [], write: [], 'sign-in': [] };
  const end = performance.now() + seconds * 1000;
  const repeat = async (kind: keyof Times, ask: (turn: number) => Promise<Answer>) => {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const { status, ms, failure, text } = await ask(turn);
      if (status !== 200 && status !== 201) throw new Error(`${kind}: ${failure ?? `${status} ${text}`}`);
      times[kind].push(ms);
      await delay(pauseMs);
    }
  };
  const [reader, writer, signer] = [createCaller({ port }), createCaller({ port }), createCaller({ port })];
  const tokenOf = (turn: number) => tokens[turn % tokens.length] ?? '';
  await Promise.all([
    repeat('read', (turn) => reader.call('GET', '/api/users/me', { token: tokenOf(turn) })),
    repeat('write', (turn) =>
      writer.call('POST', '/api/posts', { token: tokenOf(turn), body: { note: `note ${turn}` } }),
    ),
    repeat('sign-in', (turn) =>
      signer.call('POST', '/token', { body: { username: uids[turn % uids.length], password: '123niko' } }),
    ),
  ]);
  for (const { close } of [reader, writer, signer]) close();
  return times;
}
