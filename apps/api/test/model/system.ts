import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { Role } from '@signet/contracts';
import { createPasswords } from '../../src/auth/passwords.ts';
import { createRefreshTokens } from '../../src/auth/refresh-tokens.ts';
import { createClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/config.ts';
import { connect } from '../../src/db/connect.ts';
import { migrate } from '../../src/db/migrate.ts';
import { toNewUserRow } from '../../src/users/row.ts';
import { createBackups } from './backups.ts';
import type { Observed } from './order.ts';
import { type Process, readTokens, startProcess } from './process.ts';
import type { Rules, Tokens, UserName } from './state.ts';
import { createTurns } from './turns.ts';

/** Of the argon2id that the code can make and read, the cheapest: the schedules are about sessions. */
const cheapMethod = 'argon2id:8:1:1';

/** Small, so that a schedule can reach it. */
const maxSessions = 3;

const processCount = 3;

/** About as long as a step of a schedule, so that calls come before and after the end of this time. */
const stalenessMs = 5;

/** A user with a live session, from before the schedule began. */
export type Beginning = {
  readonly user: UserName;
  readonly carrier: Tokens['access']['carrier'];
  readonly ip: string;
  readonly agent: string;
};

export type System = Awaited<ReturnType<typeof startSystem>>;

/**
 * Three processes of the API over one empty database, which it migrates. They share a clock that stands still until it
 * is set, so that the model can name every time in the database.
 */
export async function startSystem(databaseUrl: string) {
  const secret = randomBytes(48);
  const config = readConfig(
    {
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secret.toString('base64url'),
      DEMO_DATA: 'false',
      USER_MAX_SESSIONS: String(maxSessions),
      SESSION_STALENESS_MS: String(stalenessMs),
    },
    { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
  );
  const { database } = config;
  const rules: Rules = {
    idleMs: config.sessions.idleSeconds * 1000,
    maxMs: config.sessions.maxSeconds * 1000,
    graceMs: config.sessions.graceSeconds * 1000,
    maxSessions,
  };
  const clock = { ms: 0 };
  const apiClock = createClock(() => clock.ms);
  let hashing = 0;
  const pool = createPasswords({ passwordHash: 'argon2id', method: cheapMethod, threads: 1 });
  const passwords = {
    ...pool,
    hash: counted(pool.hash),
    match: counted(pool.match),
    verify: counted(pool.verify),
  };
  const turns = createTurns({ hasOneWriter: database.engine === 'sqlite', isBusy: () => hashing > 0 });
  let observer = connect(database);
  await migrate(observer);
  let scheduleNumber = 0;
  let ids = new Map<string, number>();
  let lastEvent = 0;
  const backups = createBackups(database, apiClock);
  let lastEventOfBackup = 0;
  let processes = Array.from({ length: processCount }, (_, index) => start(index));

  return {
    engine: database.engine,
    rules,
    clock,
    turns,
    tokenSeconds: config.tokens.lifetimeSeconds,
    processCount,
    stalenessMs,
    process: (index: number): Process => {
      const found = processes[index];
      if (!found) throw new Error(`There is no process ${index}`);
      return found;
    },

    /** Empties the database, and begins a schedule with these users and one live session for each beginning. */
    async reset(
      users: readonly {
        readonly name: UserName;
        readonly role: 'admin' | 'user';
        readonly password: string;
      }[],
      beginnings: readonly Beginning[],
    ): Promise<Tokens[]> {
      scheduleNumber += 1;
      clock.ms = Date.UTC(2030, 0, 1);
      for (const table of ['users', 'limits', 'audit_events']) await observer(table).delete();
      const at = new Date(clock.ms).toISOString();
      const rows = users.map(({ name, role, password }) => {
        const details = { name: uidOf(name), uid: uidOf(name), dob: null, role };
        return toNewUserRow(details, outdatedHashOf(password), at);
      });
      await observer('users').insert(rows);
      await readUsers();
      const sessions = beginnings.map(({ user, carrier, ip, agent }) => ({
        id: randomBytes(16).toString('base64url'),
        user_id: ids.get(user) ?? 0,
        carrier,
        generation: 0,
        created_at: at,
        last_used_at: at,
        rotated_at: at,
        expires_at: new Date(clock.ms + rules.idleMs).toISOString(),
        ip,
        user_agent: agent,
        rotated_ip: ip,
        rotated_user_agent: agent,
      }));
      if (sessions.length > 0) await observer('sessions').insert(sessions);
      const [{ keys, signToken }] = processes as [Process];
      const refreshTokens = createRefreshTokens(keys.refreshKeys);
      return sessions.map(({ id, user_id, carrier }, index) => {
        const uid = uidOf(beginnings[index]?.user ?? '');
        return readTokens(signToken({ user_id, uid, session_id: id }), refreshTokens.make(id, 0), carrier);
      });
    },

    /** What the database holds now, and the events since it was last asked. */
    async observe(): Promise<Observed> {
      const users = await readUsers();
      const names = new Map([...ids].map(([name, id]) => [id, name as UserName]));
      const sessions = await observer('sessions').select();
      const events = await observer('audit_events').where('id', '>', lastEvent).orderBy('id');
      lastEvent = events.at(-1)?.id ?? lastEvent;
      return {
        state: {
          users: new Map(users.map(({ id, role, password }) => [nameOf(names, id), { role, password }])),
          sessions: new Map(
            sessions.map((row) => [
              row.id,
              {
                user: nameOf(names, row.user_id),
                carrier: row.carrier,
                generation: row.generation,
                createdAt: Date.parse(row.created_at),
                rotatedAt: Date.parse(row.rotated_at),
                expiresAt: Date.parse(row.expires_at),
                endReason: row.ended_at === null ? undefined : row.end_reason,
                rotatedIp: row.rotated_ip,
                rotatedAgent: row.rotated_user_agent,
              },
            ]),
          ),
        },
        events: events.map(({ event, session_id, request_id }) => ({
          event,
          session: session_id,
          request: request_id,
        })),
      };
    },

    /** Starts those again that have died, once the database has noticed that they are gone. */
    async revive(): Promise<void> {
      for (const [index, process] of processes.entries()) {
        if (!process.isDead()) continue;
        await untilGone(process.backends());
        await process.stop();
        processes[index] = start(index);
      }
    },

    async backUp(): Promise<void> {
      await backups.take();
      lastEventOfBackup = lastEvent;
    },

    /** Puts the backup back while every process is stopped, and starts them again. */
    async restore(endsSessions: boolean): Promise<void> {
      await stopProcesses();
      await observer.destroy();
      await backups.putBack(endsSessions);
      observer = connect(database);
      lastEvent = lastEventOfBackup;
      processes = Array.from({ length: processCount }, (_, index) => start(index));
    },

    async stop(): Promise<void> {
      await stopProcesses();
      await observer.destroy();
      await pool.close();
    },
  };

  function start(index: number): Process {
    const name = `process ${index + 1}`;
    const findUser = (user: string) => ({ id: ids.get(user) ?? 0, uid: uidOf(user) });
    return startProcess({ name, config, secret, passwords, turns, clock: apiClock, findUser });
  }

  async function stopProcesses(): Promise<void> {
    for (const process of processes) await process.stop();
  }

  function uidOf(name: string): string {
    return `${name}-${scheduleNumber}`;
  }

  async function readUsers(): Promise<{ id: number; uid: string; role: Role; password: string }[]> {
    const rows: Awaited<ReturnType<typeof readUsers>> = await observer('users').select(
      'id',
      'uid',
      'role',
      'password',
    );
    ids = new Map(rows.map(({ id, uid }) => [uid.split('-')[0] ?? uid, id]));
    return rows;
  }

  /** PostgreSQL ends a connection after its current statement. */
  async function untilGone(backends: readonly number[]): Promise<void> {
    if (database.engine === 'sqlite') return;
    for (;;) {
      const left = await observer('pg_stat_activity').whereIn('pid', backends).select('pid');
      if (left.length === 0) return;
      await delay(1);
    }
  }

  /** Counts the hashes that are under way, because no statement shows them. */
  function counted<Parameters extends unknown[], Result>(
    work: (this: typeof pool, ...parameters: Parameters) => Promise<Result>,
  ) {
    return async (...parameters: Parameters): Promise<Result> => {
      hashing += 1;
      try {
        return await work.apply(pool, parameters);
      } finally {
        hashing -= 1;
        turns.note();
      }
    };
  }
}

/** A hash with other factors than the configuration's, so that the first sign-in replaces it. */
function outdatedHashOf(password: string): string {
  return hashSync(password, { memoryCost: 16, timeCost: 1, parallelism: 1 });
}

/** Whether a stored hash is the password's. */
export function isHashOf(hash: string, password: string): boolean {
  return verifySync(hash, password);
}

function nameOf(names: ReadonlyMap<number, UserName>, id: number): UserName {
  const name = names.get(id);
  if (!name) throw new Error(`The database has a user ${id} whom the model does not know`);
  return name;
}
