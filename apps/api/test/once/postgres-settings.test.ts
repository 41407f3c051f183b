import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '@signet/rig';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkSettings } from '../../src/db/check-settings.ts';
import { connect } from '../../src/db/connect.ts';
import { runCli } from '../run-cli.ts';
import { startApi } from '../start-api.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Runs statements as the superuser. */
async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** A role that is no superuser, with a database of its own. */
async function makeRole({ encoding = 'UTF8', limit = -1 } = {}) {
  const role = `role_${randomBytes(6).toString('hex')}`;
  await administer(
    `create role ${role} login connection limit ${limit}`,
    `create database ${role} owner ${role} encoding '${encoding}' template template0`,
  );
  const url = new URL(server.url);
  url.username = role;
  url.pathname = `/${role}`;
  return { role, url: url.href };
}

describe('a role with settings of its own', () => {
  test.each(['German, DMY', 'SQL, DMY', 'SQL, MDY', 'Postgres, MDY'])(
    'gets days and times in the wire’s forms under DateStyle %s',
    async (dateStyle) => {
      const { role, url } = await makeRole();
      await administer(
        `alter role ${role} set datestyle = '${dateStyle}'`,
        `alter role ${role} set timezone = 'Asia/Kolkata'`,
        `alter role ${role} set intervalstyle = 'sql_standard'`,
        `alter role ${role} set standard_conforming_strings = off`,
        `alter role ${role} set bytea_output = 'escape'`,
        `alter role ${role} set client_encoding = 'LATIN1'`,
      );
      const api = await startApi({ env: { DATABASE_URL: url } });
      const { token } = await api.signIn('toby');
      const me = await api.send('GET', '/api/users/me', { token });
      expect(me.body).toMatchObject({ dob: '1847-02-11', age: expect.any(Number) });
      expect(me.body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.now() - Date.parse(me.body.created_at))).toBeLessThan(10 * 60 * 1000);

      const dob = '2001-03-04';
      const changes = { name: 'Ὀδυσσεύς \\ O’Neil', dob };
      const changed = await api.send('PATCH', '/api/users/1', { token, body: changes });
      expect(changed.body).toMatchObject(changes);
      expect((await api.send('GET', '/api/posts/1/image', { token })).headers.get('content-type')).toBe(
        'image/png',
      );
      expect((await api.send('GET', '/api/sessions', { token })).body).toHaveLength(1);
    },
  );

  test('a role with settings of its own makes requests wait no longer than its lock_timeout, and answers 503 then', async () => {
    const { role, url } = await makeRole();
    await administer(`alter role ${role} set lock_timeout = '50ms'`);
    const api = await startApi({ env: { DATABASE_URL: url } });
    const { token } = await api.signIn();
    const trx = await api.db.transaction();
    onTestFinished(async () => void (await trx.rollback()));
    await trx('users').where({ id: 2 }).update({ name: 'Locked' });
    const { body } = await api.send('PATCH', '/api/users/2', { token, body: { name: 'Nikola' } });
    expect(body).toMatchObject({ status: 503, code: 'not_ready' });
  });

  test.each([
    ['default_transaction_isolation', 'serializable'],
    ['default_transaction_read_only', 'on'],
    ['session_replication_role', 'replica'],
  ])(
    'a role with settings of its own is refused at start, with the fix, if %s is %s',
    async (name, value) => {
      const { role, url } = await makeRole();
      await administer(
        `grant set on parameter session_replication_role to ${role}`,
        `alter role ${role} set ${name} = '${value}'`,
      );
      const db = connect({ engine: 'postgres', url, poolMax: 1 });
      onTestFinished(() => db.destroy());
      await expect(checkSettings(db)).rejects.toThrow(
        `${name} is ${value}. Run: ALTER ROLE "${role}" SET ${name} =`,
      );
    },
  );

  test.each([
    ['statement_timeout', 1, 100],
    ['statement_timeout', 99, 100],
    ['lock_timeout', 49, 50],
    ['idle_in_transaction_session_timeout', 1, 100],
    ['idle_in_transaction_session_timeout', 99, 100],
    ['idle_session_timeout', 99, 100],
  ])(
    'a role with settings of its own is refused at start, with the fix, if %s is %i ms, and not if it is %i ms',
    async (name, tooLow, enough) => {
      const { role, url } = await makeRole();
      const start = async (milliseconds: number) => {
        await administer(`alter role ${role} set ${name} = ${milliseconds}`);
        const db = connect({ engine: 'postgres', url, poolMax: 1 });
        await checkSettings(db).finally(() => db.destroy());
      };
      await expect(start(tooLow)).rejects.toThrow(
        `${name} is ${tooLow} ms, in which the API cannot work. Run: ALTER ROLE "${role}" SET ${name} =`,
      );
      await start(enough);
    },
  );

  test('a role with settings of its own is refused by the process, with exit code 1 and the name of the setting, if its sessions end at once', async () => {
    const { role, url } = await makeRole();
    await administer(`alter role ${role} set idle_session_timeout = 1`);
    const on = { databaseUrl: url, secret: randomBytes(48).toString('base64url') };
    const { code, stderr } = await runCli(on, ['migrate']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ALTER ROLE .* SET idle_session_timeout = /);
  });

  test('a start that a statement_timeout ends says which setting it is, because a migration may take longer than any request', async () => {
    const { role, url } = await makeRole();
    const on = { databaseUrl: url, secret: randomBytes(48).toString('base64url') };
    await runCli(on, ['migrate']);
    await administer(`alter role ${role} set statement_timeout = '300ms'`);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('begin');
    await client.query('lock table knex_migrations');
    const { code, stderr } = await runCli(on, ['migrate']);
    expect(code).toBe(1);
    expect(stderr).toContain('ALTER ROLE ROLE SET statement_timeout = 0');
  });
});

test('a connection that refused a write as read-only is replaced, because the next one may be to a server that takes it', async () => {
  const { role, url } = await makeRole();
  const db = connect({ engine: 'postgres', url, poolMax: 1 });
  onTestFinished(() => db.destroy());
  await administer(`alter role ${role} set default_transaction_read_only = on`);
  await expect(db.raw('create schema ours')).rejects.toMatchObject({ code: '25006' });
  await administer(`alter role ${role} reset default_transaction_read_only`);
  await db.raw('create schema ours');
});

test.each(['nowhere', "''", 'pg_catalog', 'pg_temp'])(
  'a role whose search_path is %s is refused at start, with the two ways to a schema',
  async (path) => {
    const { role, url } = await makeRole();
    await administer(`alter role ${role} set search_path = ${path}`);
    const { code, stderr } = await runCli(
      { databaseUrl: url, secret: randomBytes(48).toString('base64url') },
      ['migrate'],
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`ALTER ROLE "${role}" SET search_path = public`);
  },
);

test('a database that is not in UTF-8 is refused by the process, with exit code 1 and the fix', async () => {
  const { role, url } = await makeRole({ encoding: 'LATIN1' });
  const on = { databaseUrl: url, secret: randomBytes(48).toString('base64url') };
  const { code, stderr } = await runCli(on, ['migrate']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `server_encoding is LATIN1. Create the database in UTF-8: CREATE DATABASE "${role}"`,
  );
});

describe('when the server has fewer slots than the pool has connections', () => {
  /** Takes slots of a role, until the function that this answers gives them back. */
  async function occupy(url: string, count: number): Promise<() => Promise<void>> {
    const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url }));
    await Promise.all(clients.map((client) => client.connect()));
    return async () => void (await Promise.all(clients.map((client) => client.end())));
  }

  test('200 requests at once are all served, though the server has fewer slots than the pool, by the connections that there are', async () => {
    const { url } = await makeRole({ limit: 6 });
    const release = await occupy(url, 3);
    const api = await startApi({ env: { DATABASE_URL: url } });
    const { token } = await api.signIn();
    for (let round = 0; round < 3; round += 1) {
      // A minute has room for 120 writes of one user.
      api.advance(60);
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          index % 4 === 0
            ? api.send('POST', '/api/posts', { token, body: { note: `Note ${index}` } })
            : api.send('GET', '/api/users', { token }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201]));
    }
    await release();
  });

  test('a request waits for a slot of the server that comes free', async () => {
    const { url } = await makeRole({ limit: 4 });
    const api = await startApi({ env: { DATABASE_URL: url, DATABASE_POOL_MAX: '1' } });
    const { token } = await api.signIn();
    await administer(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).username}'`,
    );
    await expect
      .poll(() => api.db.client.pool.numUsed() + api.db.client.pool.numFree())
      .toBeLessThanOrEqual(1);
    const release = await occupy(url, 4);
    const answer = api.send('GET', '/protected', { token });
    await delay(500);
    await release();
    expect((await answer).status).toBe(200);
  });
});
