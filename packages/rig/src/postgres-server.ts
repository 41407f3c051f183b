import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export type PostgresServer = ReturnType<typeof createPostgresServer>;

/** What servers of one cluster share. `bin` has the programs, `folder` the sockets and each server's data. */
export type Cluster = {
  readonly bin: string;
  readonly folder: string;
  /** The user as whom the programs run. */
  readonly as: { readonly uid?: number; readonly gid?: number };
  /** The user of the database, who has no password because the servers listen on loopback only. */
  readonly user: string;
  readonly isDurable: boolean;
};

/** How long a question may take: a frozen server accepts connections and answers nothing. */
const questionMs = 1000;

/** A PostgreSQL server that can be a primary or a standby, not started yet. */
export function createPostgresServer(cluster: Cluster, name: string, port: number) {
  const { bin, folder, as, user } = cluster;
  const data = join(folder, name);
  let postmaster: ChildProcess | undefined;
  let frozen: readonly number[] = [];

  return {
    name,
    port,
    data,
    url: `postgres://${user}@127.0.0.1:${port}/postgres`,
    query,
    start,
    isPrimary: (): Promise<boolean> =>
      query('select pg_is_in_recovery() as is_standby').then(
        ([row]) => row?.is_standby === false,
        () => false,
      ),
    /** Makes a standby the primary. Resolves when it accepts writes. */
    promote: () => query('select pg_promote()'),
    /** The fast shutdown: transactions in progress are rolled back, and standbys get everything that was committed. */
    async stop(): Promise<void> {
      if (!postmaster || hasEnded(postmaster)) return;
      const gone = once(postmaster, 'exit');
      postmaster.kill('SIGINT');
      await gone;
    },
    /** As if the machine had lost its power: none of the server's processes does anything more. */
    async kill(): Promise<void> {
      if (!postmaster || hasEnded(postmaster)) return;
      const gone = once(postmaster, 'exit');
      // Frozen first, so that it starts no other process in the meantime.
      if (frozen.length === 0) await freeze();
      for (const pid of frozen) signal(pid, 'SIGKILL');
      await gone;
      frozen = [];
    },
    /** As if the machine hung: connections stay open, and nothing answers. `kill` ends it. */
    freeze,
  };

  async function freeze(): Promise<void> {
    const first = postmaster?.pid;
    if (first === undefined) return;
    signal(first, 'SIGSTOP');
    const { stdout } = await run('pgrep', ['-P', String(first)]).catch(() => ({ stdout: '' }));
    const others = stdout.split('\n').filter(Boolean).map(Number);
    for (const pid of others) signal(pid, 'SIGSTOP');
    frozen = [first, ...others];
  }

  async function start(): Promise<void> {
    const settings = [
      `port=${port}`,
      `unix_socket_directories=${folder}`,
      'listen_addresses=127.0.0.1',
      'max_connections=200',
      'wal_keep_size=256MB',
      ...(cluster.isDurable ? [] : ['fsync=off', 'full_page_writes=off']),
    ];
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    postmaster = spawn(join(bin, 'postgres'), args, { ...as, cwd: folder, stdio: 'ignore' });
    for (let attempt = 1; !(await answers()); attempt += 1) {
      if (attempt === 600 || hasEnded(postmaster)) throw new Error(`PostgreSQL ${name} did not start`);
      await delay(100);
    }
  }

  function answers(): Promise<boolean> {
    return query('select 1').then(
      () => true,
      () => false,
    );
  }

  /** The rows of a statement, on a connection of its own. */
  async function query(sql: string) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user,
      database: 'postgres',
      connectionTimeoutMillis: questionMs,
    });
    // A server that dies ends its connections; the statement then rejects by itself.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended already, with its parent.
  }
}
