import { codeOf } from '../errors.ts';
import { type Database, isPostgres } from './connect.ts';

/**
 * Throws if a setting of PostgreSQL is not what the code relies on: one that no startup parameter can set,
 * or one that a pooler has kept from the server. The message has all of them, each with its fix. SQLite's
 * are pragmas, set on each connection.
 */
export async function checkSettings(db: Database): Promise<void> {
  if (!isPostgres(db)) return;
  const problems = (await readSettings(db)).flatMap((row) => expected[row.name]?.(row) ?? []);
  if (problems.length === 0) return;
  throw new Error(`PostgreSQL has settings that the API cannot work with:\n${problems.join('\n')}`);
}

/**
 * Without values, knex sends this as one message. The server waits for nobody within it, so that a timeout of a
 * millisecond can be read, too.
 */
const question = `set local statement_timeout = 0;
  select name, case when name = 'statement_timeout' then reset_val else setting end as setting,
    current_user as role, current_database() as database
  from pg_settings`;

/** Of a connection that a timeout ends before it is asked anything, one of a few attempts is faster. */
const attempts = 10;

async function readSettings(db: Database): Promise<Row[]> {
  const ended: unknown[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [, { rows }] = await db.raw(question);
      return rows;
    } catch (error) {
      if (codeOf(error) === idleSessionTimeout) ended.push(error);
      // pg's own error for a connection that the server has ended does not say why.
      const isEnded = codeOf(error) === idleSessionTimeout || /not queryable|terminated/.test(String(error));
      if (!isEnded || attempt === attempts) throw ended[0] ?? error;
    }
  }
}

/** PostgreSQL, appendix A: `idle_session_timeout`. */
const idleSessionTimeout = '57P05';

type Row = {
  readonly name: string;
  readonly setting: string;
  readonly role: string;
  readonly database: string;
};

/** What is wrong with a setting, and its fix, if it is not as expected. */
type Expectation = (row: Row) => string | undefined;

const expected: Record<string, Expectation> = {
  // Every text of ours is Unicode. A database in another encoding refuses
  // some of it, and SQL_ASCII checks none.
  server_encoding: ({ setting, database }) =>
    setting === 'UTF8'
      ? undefined
      : `  - server_encoding is ${setting}. Create the database in UTF-8: CREATE DATABASE "${database}" ` +
        "ENCODING 'UTF8' TEMPLATE template0",
  // The locks are made for it: under the stricter levels concurrent writes fail instead of waiting.
  default_transaction_isolation: forRole((setting) => setting === 'read committed', 'read committed'),
  // A role that only reads lets the API start where no migration is due, and then nobody can sign in.
  default_transaction_read_only: forRole((setting) => setting === 'off', 'off'),
  // Under `replica` neither foreign keys nor triggers work.
  session_replication_role: forRole((setting) => setting === 'origin', 'origin'),
  // A timeout is the operator's to choose. Below these, the API would fail without any load.
  statement_timeout: forTimeout(100),
  // Writes that follow one another wait for each other's commit.
  lock_timeout: forTimeout(50),
  // Between two statements of a transaction the process may be busy with other requests.
  idle_in_transaction_session_timeout: forTimeout(100),
  transaction_timeout: forTimeout(100),
  idle_session_timeout: forTimeout(100),
  DateStyle: forPooler((setting) => setting.startsWith('ISO')),
  TimeZone: forPooler((setting) => ['UTC', 'Etc/UTC', 'GMT'].includes(setting)),
  client_encoding: forPooler((setting) => setting === 'UTF8'),
  standard_conforming_strings: forPooler((setting) => setting === 'on'),
};

function forRole(isRight: (setting: string) => boolean, right: string): Expectation {
  return ({ name, setting, role }) =>
    isRight(setting)
      ? undefined
      : `  - ${name} is ${setting}. Run: ALTER ROLE "${role}" SET ${name} = '${right}'`;
}

/** 0 stands for no timeout. */
function forTimeout(minimalMs: number): Expectation {
  return ({ name, setting, role }) =>
    Number(setting) === 0 || Number(setting) >= minimalMs
      ? undefined
      : `  - ${name} is ${setting} ms, in which the API cannot work. ` +
        `Run: ALTER ROLE "${role}" SET ${name} = '30s' (at least ${minimalMs} ms; 0 for none)`;
}

function forPooler(isRight: (setting: string) => boolean): Expectation {
  return ({ name, setting }) =>
    isRight(setting)
      ? undefined
      : `  - ${name} is ${setting}, though each connection asks for another. Have the pooler between ` +
        'pass it on (pgbouncer: remove it from ignore_startup_parameters).';
}
