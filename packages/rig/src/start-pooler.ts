import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPgbouncer } from './find-tools.ts';
import { freePorts } from './free-ports.ts';
import { ordinaryUser, waitForPostgres } from './start-postgres.ts';

/**
 * Starts pgbouncer in transaction mode in front of the PostgreSQL server at `upstream`. Other settings are its own
 * defaults, but connections to the server end after five seconds without use: each test has a database of its own, and
 * the server has no room for the connections of all. `url` is that of the same database through the pooler; every other database of the server is
 * reached by its name.
 *
 * `pause` resolves when no transaction is in progress and no connection to the server is left; statements then wait
 * until `resume`. `pointTo` is the server from then on.
 */
export async function startPooler(upstream: string) {
  const program = findPgbouncer();
  if (!program) throw new Error('There is no pgbouncer: apt-get install pgbouncer');
  const server = new URL(upstream);
  const folder = mkdtempSync(join(tmpdir(), 'signet-pooler-'));
  const [port] = await freePorts(1);
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${server.username}" ""\n`);
  const settings = join(folder, 'pgbouncer.ini');
  const writeSettings = ({ hostname, port: serverPort }: URL) =>
    writeFileSync(
      settings,
      `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
admin_users = ${server.username}
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 20
server_idle_timeout = 5
`,
    );
  writeSettings(server);
  const as = ordinaryUser();
  if (as.uid !== undefined && as.gid !== undefined)
    for (const path of [folder, users, settings]) chownSync(path, as.uid, as.gid);
  const pooler = spawn(program, ['-q', settings], { ...as, stdio: 'ignore' });
  const url = new URL(upstream);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  await waitForPostgres(url.href);
  /** A command of pgbouncer's own console, which is a database by its name. */
  const command = async (text: string) => {
    const consoleUrl = new URL(url);
    consoleUrl.pathname = '/pgbouncer';
    const client = new pg.Client({ connectionString: consoleUrl.href });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  return {
    url: url.href,
    pause: () => command('PAUSE'),
    resume: () => command('RESUME'),
    pointTo: async (other: string) => {
      writeSettings(new URL(other));
      await command('RELOAD');
    },
    stop: async () => {
      const gone = new Promise((resolve) => pooler.once('exit', resolve));
      pooler.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
