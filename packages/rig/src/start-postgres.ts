import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findInitdb } from './find-tools.ts';
import { freePorts } from './free-ports.ts';

/**
 * Starts a PostgreSQL server on a free port, with its data in a temporary folder that `stop` removes.
 * `interrupt` stops the server and `resume` starts it again on the same data. `suspend` leaves every connection open and
 * answers nothing, until `proceed`.
 *
 * `isDurable` makes it write to the disk as in production. Tests leave that
 * out, because their data ends with them. `settings` are further ones, as `name=value`.
 */
export async function startPostgres({
  isDurable = false,
  settings: own = [],
}: {
  isDurable?: boolean;
  settings?: readonly string[];
} = {}) {
  const bin = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), 'signet-postgres-'));
  const [port] = await freePorts(1);
  const as = ordinaryUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'signet', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    {
      ...as,
      stdio: 'ignore',
    },
  );
  const url = `postgres://signet@127.0.0.1:${port}/postgres`;
  let server = await start();

  async function start() {
    const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
    const settings = [
      'listen_addresses=127.0.0.1',
      'max_connections=300',
      ...(isDurable ? [] : fast),
      ...own,
    ];
    const args = [
      '-D',
      join(folder, 'data'),
      '-p',
      String(port),
      '-k',
      folder,
      ...settings.flatMap((setting) => ['-c', setting]),
    ];
    const started = spawn(join(bin, 'postgres'), args, { ...as, stdio: 'ignore' });
    await waitForPostgres(url);
    return started;
  }

  async function halt() {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    // SIGINT is PostgreSQL's fast shutdown: it cuts connections and writes everything that was committed.
    server.kill('SIGINT');
    await gone;
  }

  let suspended: readonly number[] = [];

  return {
    url,
    suspend: async () => {
      suspended = [pidOf(server), ...(await listBackends(url))];
      for (const pid of suspended) process.kill(pid, 'SIGSTOP');
    },
    proceed: () => {
      for (const pid of suspended) process.kill(pid, 'SIGCONT');
      suspended = [];
    },
    interrupt: halt,
    resume: async () => {
      server = await start();
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until PostgreSQL, or a pooler before it, answers at `url`. Throws after a minute. */
export async function waitForPostgres(url: string): Promise<void> {
  for (let attempt = 1; !(await answers(url)); attempt += 1) {
    if (attempt === 600) throw new Error(`No PostgreSQL answers at ${new URL(url).host}`);
    await delay(100);
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/** The server's processes, except the first one and that of the connection which asks. */
async function listBackends(connectionString: string): Promise<number[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query('select pid from pg_stat_activity where pid <> pg_backend_pid()');
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('PostgreSQL could not be started');
  return pid;
}

function findBinaries(): string {
  const initdb = findInitdb();
  if (!initdb) throw new Error('There is no PostgreSQL server: apt-get install postgresql');
  return dirname(initdb);
}

/**
 * The user as whom a program has to run that refuses to run as root: the one that Debian's package of PostgreSQL brings,
 * and nobody else where we are not root.
 */
export function ordinaryUser(): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
