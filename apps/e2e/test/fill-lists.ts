import { once } from 'node:events';
import sqlite3 from 'sqlite3';

type Amounts = { readonly users: number; readonly sessions: number; readonly events: number };

/** Names as long as the contract accepts, from every hundredth user on. */
const longName = 'Wolfeschlegelsteinhausenbergerdorff '.repeat(7).slice(0, 240);

const userAgents = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1',
  'curl/8.14.1',
  'SomeCompanyInternalBatchJobRunner/4.11.2-rc.1+build.20261125 (an unknown client with a long name)',
];

const eventNames = ['sign_in', 'sign_in_failed', 'sign_out', 'session_ended', 'role_refused', 'user_changed'];

/**
 * Fills the API's SQLite database at `file` with long lists, by SQL, because through the API each user would cost a
 * hash: users, sessions of the user 1 (an admin, whose limit must allow them), and audit events of the last days.
 */
export async function fillLists(file: string, { users, sessions, events }: Amounts): Promise<void> {
  const db = new sqlite3.Database(file);
  await once(db, 'open');
  try {
    await run(
      db,
      `PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${users})
        INSERT INTO users (name, uid, uid_key, name_key, password, password_method, dob, role, created_at, updated_at)
        SELECT CASE WHEN i % 100 = 0 THEN '${longName}' ELSE 'Person ' || printf('%05d', i) END,
          'person.' || printf('%05d', i), 'person.' || printf('%05d', i),
          CASE WHEN i % 100 = 0 THEN lower('${longName}') ELSE 'person ' || printf('%05d', i) END,
          'x', 'none', '1990-04-0' || (1 + i % 9), CASE WHEN i % 50 = 0 THEN 'admin' ELSE 'user' END,
          ${daysAgo('i % 400')}, ${daysAgo('i % 400')} FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${sessions})
        INSERT INTO sessions (id, user_id, carrier, created_at, last_used_at, rotated_at, expires_at, ip, user_agent)
        SELECT substr('session' || printf('%015d', i), 1, 22), 1, CASE WHEN i % 2 = 0 THEN 'bearer' ELSE 'cookie' END,
          ${daysAgo('i % 20 + 1')}, ${daysAgo('i % 6')}, ${daysAgo('i % 6')},
          strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+' || (1 + i % 7) || ' days'), '10.0.0.' || (i % 20),
          CASE i % 4 ${cases(userAgents)} END FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${events})
        INSERT INTO audit_events (at, event, user_id, session_id, ip, request_id, detail)
        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (${events} - i) || ' minutes'),
          CASE i % 6 ${cases(eventNames)} END, 1 + i % 40, NULL, '10.0.0.' || (i % 20),
          'req-' || printf('%08d', i), json_object('carrier', CASE WHEN i % 2 = 0 THEN 'bearer' ELSE 'cookie' END) FROM n;
      COMMIT;`,
    );
  } finally {
    const closed = once(db, 'close');
    db.close();
    await closed;
  }
}

/** A time as the API writes it, this many days ago. `days` is an SQL expression. */
function daysAgo(days: string): string {
  return `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (${days}) || ' days')`;
}

function cases(texts: readonly string[]): string {
  return texts.map((text, index) => `WHEN ${index} THEN '${text}'`).join(' ');
}

function run(db: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => db.exec(sql, (error) => (error ? reject(error) : resolve())));
}
