import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import knex from 'knex';
import { afterAll, inject, onTestFinished } from 'vitest';
import { createApp } from '../src/app.ts';
import type { HashFor } from '../src/auth/hash-places.ts';
import { createPasswords } from '../src/auth/passwords.ts';
import { createClock } from '../src/clock.ts';
import { readConfig } from '../src/config/config.ts';
import type { Environment } from '../src/config/read-variables.ts';
import { connect, connectReader, type Database } from '../src/db/connect.ts';
import { loadDemoData } from '../src/db/demo-data.ts';
import { migrate } from '../src/db/migrate.ts';
import { listen } from '../src/http/listen.ts';
import { createLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { createServices, type Services } from '../src/services.ts';
import { listenForReports } from '../src/trace/report-listener.ts';
import { createTrace } from '../src/trace/trace.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server that only this test run uses; its database is `postgres`. */
    postgresUrl: string;
    /** The same server, never through a pooler. */
    serverUrl: string;
  }
}

export const engine = process.env.SIGNET_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** A database of this run on the server itself: a pooler knows no other role, and passes a session's settings on. */
export function withoutPooler(databaseUrl: string): URL {
  return new URL(new URL(databaseUrl).pathname, inject('serverUrl'));
}

export const webOrigin = 'http://localhost:4100';

/** Threads take a while to start, so one pool of each kind serves all apps of a test file. */
const pools = new Map<string, ReturnType<typeof createPasswords>>();
afterAll(async () => {
  for (const pool of pools.values()) await pool.close();
});

type Reports = Awaited<ReturnType<typeof listenForReports>>;

export type Api = Awaited<ReturnType<typeof startApi>>;

/**
 * The real app on a free port, with a fresh, migrated database of this run's engine and the demo users in it. It
 * stops when the test finishes.
 *
 * `processes` makes several servers on one database; `url` is that of the first.
 */
export async function startApi({ env = {}, processes = 1 }: { env?: Environment; processes?: number } = {}) {
  const databaseUrl = env.DATABASE_URL ?? (await freshDatabase());
  const secret = env.SECRET_KEY ?? randomBytes(48).toString('base64url');
  const config = readConfig(
    { PORT: '0', DATABASE_URL: databaseUrl, SECRET_KEY: secret, ...env },
    { readFile: (path) => readFileSync(path), defaultDataDir: '/nowhere' },
  );
  const clock = {
    offsetMs: 0,
    stoppedAt: undefined as number | undefined,
    now: () => (clock.stoppedAt ?? Date.now()) + clock.offsetMs,
  };
  const apiClock = createClock(clock.now);
  const lines: string[] = [];
  const log = createLog(
    { level: 'trace' },
    new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) }),
  );
  const poolKey = config.passwords.passwordHash;
  const passwords = pools.get(poolKey) ?? createPasswords({ ...config.passwords, threads: 2 });
  pools.set(poolKey, passwords);

  let heldHashes: { reached: () => void; opened: Promise<void> } | undefined;
  const interruptible = {
    ...passwords,
    hash: async (password: string, by?: HashFor) => {
      heldHashes?.reached();
      await heldHashes?.opened;
      return passwords.hash(password, by);
    },
  };

  const started: {
    services: Services;
    db: Database;
    reader: Database;
    server: Server;
    reports: Reports;
    url: string;
  }[] = [];
  for (let index = 0; index < processes; index += 1) {
    const db = connect(config.database);
    await migrate(db);
    if (config.demoData) await loadDemoData(db, apiClock);
    const reader = connectReader(config.database, db);
    if (!Buffer.isBuffer(config.keys.secret)) throw new Error('The harness gives a secret');
    const metrics = createMetrics({ passwords });
    const services = createServices({
      config,
      secret: config.keys.secret,
      db,
      reader,
      passwords: interruptible,
      metrics,
      clock: apiClock,
    });
    if (!config.demoData) await services.demoUsers.shutOut((message) => log.warn(message));
    const trace = config.trace && createTrace();
    const reports =
      trace &&
      (await listenForReports({ ...config.trace, trace, clock: apiClock, log, count: metrics.countReport }));
    const app = createApp({ config, services, log, metrics, trace });
    const server = await listen(app, config.server);
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    started.push({ services, db, reader, server, reports, url: `http://127.0.0.1:${address.port}` });
  }
  const stop = async () => {
    for (const { server, db, reader, reports } of started) {
      await reports?.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await reader.destroy();
      await db.destroy();
    }
  };
  onTestFinished(stop);

  const [first] = started;
  if (!first) throw new Error('At least one process');
  const { url, db, reader, services } = first;
  return {
    url,
    db,
    reader,
    /** Removes the rows that have run out, as the started API does every hour. */
    sweep: services.sweep,
    urls: started.map((each) => each.url),
    secret,
    databaseUrl,
    /** What was logged, as text. */
    logged: () => lines.join(''),
    /** Stops the API's clock at `at`, in milliseconds since the epoch; from then on only `advance` moves it. */
    stopClock: (at = Date.now()) => Object.assign(clock, { offsetMs: 0, stoppedAt: at }),
    /** Moves the API's clock. */
    advance: (seconds: number) => {
      clock.offsetMs += seconds * 1000;
    },
    send: (method: string, path: string, options?: SendOptions) => send(url, method, path, options),
    /**
     * Keeps every place that hashes of this use may have taken, so that no other such hash is made; returns a
     * function that ends it.
     * Each finished hash is replaced at once by two, which is more than the queue has room for.
     */
    occupyPasswords: (by: HashFor = 'sign-in') => {
      let isOver = false;
      const occupy = (times: number): Promise<unknown> =>
        Promise.all(Array.from({ length: times }, occupyOne));
      const occupyOne = () =>
        passwords.hash('in the way', by).then(
          () => (isOver ? undefined : occupy(2)),
          () => undefined,
        );
      const all = occupy(200);
      return async () => {
        isOver = true;
        await all;
      };
    },
    /** Stops requests where they hash a new password: `reached` when the first one is there, `open` lets them go on. */
    holdHashes: () => {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        heldHashes = { reached: resolve, opened };
      });
      return { reached, open };
    },
    /** Signs in by bearer token. */
    signIn: async (username = 'niko', password = `123${username}`) => {
      const { status, body } = await send(url, 'POST', '/token', { body: { username, password } });
      if (status !== 200) throw new Error(`sign-in as ${username}: ${status}`);
      return {
        token: String(body.token),
        refreshToken: String(body.refresh_token),
        userId: Number(body.user_id),
      };
    },
    /** Signs in by cookie; `cookie` is what a browser would send to `/api/sessions`. */
    signInByCookie: async (uid = 'niko', password = `123${uid}`) => {
      const { status, setCookies } = await send(url, 'POST', '/api/users/authenticate', {
        body: { uid, password },
      });
      if (status !== 200) throw new Error(`sign-in as ${uid}: ${status}`);
      return { cookie: setCookies.map((each) => each.split(';', 1)[0]).join('; '), setCookies };
    },
  };
}

export type SendOptions = {
  readonly token?: string;
  readonly cookie?: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, unless it is text or bytes already. */
  readonly body?: unknown;
};

/** A request by `fetch`, with its answer read to the end. `body` is the parsed JSON, or `{}` without one. */
export async function send(
  url: string,
  method: string,
  path: string,
  { token, cookie, origin, headers, body }: SendOptions = {},
) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
  const response = await fetch(new URL(path, url), {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== undefined && { cookie }),
      ...(origin !== undefined && { origin }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    setCookies: response.headers.getSetCookie(),
    text,
    // biome-ignore lint/suspicious/noExplicitAny: tests read members of every answer, and assert what they are.
    body: (isJson && text !== '' ? JSON.parse(text) : {}) as any,
  };
}

/** The URL of an empty database of this run's engine. */
export async function freshDatabase(): Promise<string> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'signet-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return `sqlite:${join(folder, 'signet.db')}`;
  }
  const url = new URL(inject('postgresUrl'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = knex({ client: 'pg', connection: url.href });
  await admin.raw('create database ??', [name]);
  await admin.destroy();
  url.pathname = `/${name}`;
  return url.href;
}
