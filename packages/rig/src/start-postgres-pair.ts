import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findInitdb } from './find-tools.ts';
import { freePorts } from './free-ports.ts';
import { type Cluster, createPostgresServer, type PostgresServer } from './postgres-server.ts';
import { ordinaryUser } from './start-postgres.ts';

const run = promisify(execFile);

export type PostgresPair = Awaited<ReturnType<typeof startPostgresPair>>;

/**
 * Two PostgreSQL servers: a primary, and a standby that follows it.
 *
 * If `isSynchronous`, the primary acknowledges a commit after the standby has written it, too. `isDurable` makes them
 * write to the disk as in production. `stop` kills both and removes their data.
 */
export async function startPostgresPair({ isSynchronous = false, isDurable = false } = {}) {
  const initdb = findInitdb();
  if (!initdb) throw new Error('There is no PostgreSQL server: apt-get install postgresql');
  const folder = mkdtempSync(join(tmpdir(), 'signet-pair-'));
  const as = ordinaryUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const cluster: Cluster = { bin: dirname(initdb), folder, as, user: 'signet', isDurable };
  const tool = (name: string, ...args: string[]) =>
    run(join(cluster.bin, name), args, { ...as, cwd: folder });

  const [first = 0, second = 0] = await freePorts(2);
  const primary = createPostgresServer(cluster, 'one', first);
  const standby = createPostgresServer(cluster, 'two', second);
  const sync = isDurable ? [] : ['--no-sync'];
  await tool(
    'initdb',
    '-D',
    primary.data,
    '-U',
    cluster.user,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    ...sync,
  );
  await primary.start();
  await follow(standby, primary);

  return {
    primary,
    standby,
    follow,
    standAlone,
    async stop(): Promise<void> {
      await Promise.all([primary.kill(), standby.kill()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };

  /** Makes `server`, which must not run, a standby of `leader`, from a new copy of the leader's data. */
  async function follow(server: PostgresServer, leader: PostgresServer): Promise<void> {
    rmSync(server.data, { recursive: true, force: true });
    const source = `host=127.0.0.1 port=${leader.port} user=${cluster.user} dbname=postgres application_name=${server.name}`;
    await tool('pg_basebackup', '-D', server.data, '-d', source, '-R', '-c', 'fast', ...sync);
    await server.start();
    await waitUntil(leader, "select 1 from pg_stat_replication where state = 'streaming'");
    if (!isSynchronous) return;
    // Only now, because a primary that waits for an absent standby acknowledges nothing.
    await leader.query(`alter system set synchronous_standby_names = '${server.name}'`);
    await leader.query('select pg_reload_conf()');
    await waitUntil(leader, "select 1 from pg_stat_replication where sync_state = 'sync'");
  }

  /** Lets a server acknowledge commits alone, because no standby follows it. */
  async function standAlone(server: PostgresServer): Promise<void> {
    await server.query("alter system set synchronous_standby_names = ''");
    await server.query('select pg_reload_conf()');
  }
}

async function waitUntil(server: PostgresServer, sql: string): Promise<void> {
  for (let attempt = 1; (await server.query(sql)).length === 0; attempt += 1) {
    if (attempt === 600) throw new Error('The standby does not follow the primary');
    await delay(50);
  }
}
