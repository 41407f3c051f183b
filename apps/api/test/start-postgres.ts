import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
// Whoever takes this file alone, as bench/ does, has to know the module that is added to below.
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { freePorts } from './free-ports.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a server of the tests' own, with the database `postgres`. */
    postgresUrl: string;
  }
}

/** Starts a PostgreSQL server in a temporary folder for the whole run, and stops it afterwards. */
export default async function setup(project: TestProject) {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.stop;
}

/**
 * A PostgreSQL server of one's own on a free port. `interrupt` takes it away and `resume` brings it back with its data.
 * Its durability is off, since nothing in it outlives a test, unless what is written is to be on the disk as in production.
 */
export async function startPostgres({ isDurable = false } = {}) {
  const bin = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), 'signet-postgres-'));
  const [port] = await freePorts(1);
  // PostgreSQL refuses to run as root; Debian's package brings a user for it.
  const as: { uid?: number; gid?: number } = userInfo().uid === 0 ? idsOf('postgres') : {};
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
    const settings = ['listen_addresses=127.0.0.1', 'max_connections=300', ...(isDurable ? [] : fast)];
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
    for (let attempt = 1; !(await answers(url)); attempt += 1) {
      if (attempt === 600) throw new Error('PostgreSQL did not start');
      await delay(100);
    }
    return started;
  }

  async function halt() {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    // The fast shutdown: connections are cut, and what was committed is written.
    server.kill('SIGINT');
    await gone;
  }

  return {
    url,
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

function findBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = versions
    .map((version) => join(root, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')));
  if (!bin) throw new Error('The tests need a PostgreSQL server: apt-get install postgresql');
  return bin;
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
