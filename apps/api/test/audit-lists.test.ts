import { request } from 'node:http';
import type { AuditEvent } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { createAuditSearch } from '../src/audit/search-store.ts';
import { type Database, isPostgres } from '../src/db/connect.ts';
import { plansOf } from './plans.ts';
import { type Api, startApi } from './start-api.ts';

const begin = Date.parse('2030-01-01T00:00:00Z');
const header =
  'id,at,event,user_id,user.uid,user.name,actor.id,actor.uid,actor.name,session_id,ip,request_id,detail\r\n';

/** An API with events of a known minute each, from the sign-ins of toby (1) and niko (2) on. */
async function withEvents() {
  const api = await startApi();
  api.stopClock(begin);
  const toby = await api.signIn('toby');
  api.advance(60);
  const niko = await api.signIn('niko');
  api.advance(60);
  await api.send('POST', '/token', { body: { username: 'niko', password: 'not the password' } });
  api.advance(60);
  await api.send('PATCH', '/api/users/2', { token: toby.token, body: { role: 'admin' } });
  api.advance(60);
  await api.send('DELETE', '/api/users/2/sessions', { token: toby.token });
  const { token } = toby;
  const read = async (query: string) => {
    const { status, body } = await api.send('GET', `/api/audit${query}`, { token });
    expect(status, JSON.stringify(body)).toBe(200);
    return body as AuditEvent[];
  };
  const eventsOf = async (query: string) => (await read(query)).map(({ event }) => event);
  return { api, token, niko, read, eventsOf };
}

/** Adds `count` sign-ins of niko by SQL, one a second from 2031 on. */
async function addMany(db: Database, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.parse('2031-01-01T00:00:00Z') + index * 1000).toISOString(),
    event: 'sign_in',
    user_id: 2,
    detail: '{"carrier":"bearer"}',
  }));
  for (let first = 0; first < count; first += 400)
    await db('audit_events').insert(rows.slice(first, first + 400));
  await db.raw(isPostgres(db) ? 'vacuum analyze' : 'analyze');
}

describe('the audit log', () => {
  test('is filtered by events, by the user who is concerned or did it, and by time', async () => {
    const { eventsOf } = await withEvents();
    const all = ['session_ended', 'role_changed', 'sign_in_failed', 'sign_in', 'sign_in'];
    expect(await eventsOf('')).toEqual(all);
    expect(await eventsOf('?event=sign_in')).toEqual(['sign_in', 'sign_in']);
    expect(await eventsOf('?event=sign_in_failed,role_changed')).toEqual(['role_changed', 'sign_in_failed']);
    expect(await eventsOf('?event=role_changed&event=sign_in_failed,role_changed')).toEqual([
      'role_changed',
      'sign_in_failed',
    ]);
    expect(await eventsOf('?user=2')).toEqual(['session_ended', 'role_changed', 'sign_in_failed', 'sign_in']);
    expect(await eventsOf('?user=1')).toEqual(['session_ended', 'role_changed', 'sign_in']);
    expect(await eventsOf('?user=1&event=role_changed,sign_in')).toEqual(['role_changed', 'sign_in']);
    expect(await eventsOf('?user=99')).toEqual([]);
    expect(await eventsOf('?from=2030-01-01T00:02:00Z')).toEqual(all.slice(0, 3));
    expect(await eventsOf('?to=2030-01-01T00:02:00Z')).toEqual(all.slice(3));
    expect(await eventsOf('?from=2030-01-01T01:01:00%2B01:00&to=2030-01-01T00:03:00Z')).toEqual([
      'sign_in_failed',
      'sign_in',
    ]);
    expect(await eventsOf('?from=2030-01-02')).toEqual([]);
    expect(await eventsOf('?to=2030-01-02&user=2&event=sign_in')).toEqual(['sign_in']);
  });

  test('has every filter on every page', async () => {
    const { api, token, read } = await withEvents();
    for (const query of [
      'user=1',
      'event=sign_in,role_changed',
      'user=2&from=2030-01-01T00:01:00Z',
      'to=2030-01-02',
    ]) {
      const ids: number[] = [];
      for (let path: string | undefined = `/api/audit?${query}&limit=1`; path; ) {
        const { body, headers } = await api.send('GET', path, { token });
        ids.push(...body.map(({ id }: AuditEvent) => id));
        path = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      }
      expect(ids, query).toEqual((await read(`?${query}`)).map(({ id }) => id));
    }
  });

  test('names the user of an event and, if that is another one, who did it, while they exist', async () => {
    const { api, token, read } = await withEvents();
    const [ended] = await read('');
    expect(ended).toMatchObject({
      user_id: 2,
      user: { uid: 'niko', name: 'Nicholas Tesla' },
      actor: { id: 1, uid: 'toby', name: 'Thomas Edison' },
      detail: { by: 1 },
    });
    const [signIn] = await read('?event=sign_in');
    expect(signIn).toMatchObject({ user_id: 2, user: { uid: 'niko' }, actor: null });
    await api.send('DELETE', '/api/users/2', { token });
    expect((await read('?user=2&event=sign_in'))[0]).toMatchObject({ user_id: 2, user: null });
  });

  test('finds who did what before there was a column for it', async () => {
    const { api, eventsOf } = await withEvents();
    const { up, down } = await import('../src/db/migrations/0012-audit-filters.ts');
    await down(api.db);
    await up(api.db);
    expect(await eventsOf('?user=1')).toEqual(['session_ended', 'role_changed', 'sign_in']);
  });

  test.each([
    'event=signin',
    'event=',
    'event=sign_in,',
    'user=toby',
    'user=0',
    'user=2147483648',
    'from=yesterday',
    'from=2030-02-30',
    'to=2030-01-01T00:00:00',
    `after=${Buffer.from('1').toString('base64url')}`,
    'who=1',
  ])('refuses the filter %s', async (query) => {
    const api = await startApi();
    const { token } = await api.signIn('toby');
    const { status, body } = await api.send('GET', `/api/audit?${query}`, { token });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  test('is read off an index in its order, without a sort and without a scan', async () => {
    const { api } = await withEvents();
    await addMany(api.db, 5000);
    const { list } = createAuditSearch({ reader: api.db });
    const before = { at: '2031-01-01T00:30:00.000Z', id: 1000 };
    const queries: readonly Omit<Parameters<typeof list>[0], 'limit'>[] = [
      { before },
      { user: 2, before },
      { user: 1 },
      { event: ['sign_in'], before },
      { event: ['role_changed', 'sign_in'] },
      { event: ['role_changed', 'sign_in'], user: 2, before },
      { user: 2, event: ['sign_out'] },
      { from: '2031-01-01T00:00:10.000Z', before },
      { to: '2031-01-01T00:30:00.000Z' },
    ];
    for (const query of queries) {
      for (const { sql, plan } of await plansOf(api.db, () => list({ limit: 101, ...query })))
        expect(plan, `${JSON.stringify(query)}\n${sql}\n${plan}`).not.toMatch(
          /Seq Scan on audit_events|\bSort\b|TEMP B-TREE|SCAN audit_events/,
        );
    }
  });
});

describe('the audit log as CSV', () => {
  const csv = { accept: 'text/csv' };

  test('has the values of the JSON, with the same filters and without regard to the size of a page', async () => {
    const { api, token, read } = await withEvents();
    const { status, headers, text } = await api.send('GET', '/api/audit?user=1&limit=1', {
      token,
      headers: csv,
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    expect(headers.get('vary')).toMatch(/\bAccept\b/);
    expect(headers.get('cache-control')).toBe('no-store');
    const quoted = (value: unknown) => {
      const cell = value === null || value === undefined ? '' : String(value);
      return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    };
    const lines = (await read('?user=1')).map(({ user, actor, detail, ...event }) => [
      ...[event.id, event.at, event.event, event.user_id, user?.uid, user?.name, actor?.id, actor?.uid],
      ...[actor?.name, event.session_id, event.ip, event.request_id, JSON.stringify(detail)],
    ]);
    expect(text).toBe(header + lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join(''));
  });

  test('is JSON for a caller who accepts anything, and has only headers for HEAD', async () => {
    const { api, token } = await withEvents();
    for (const accept of ['*/*', 'application/json, text/csv;q=0.5', 'text/html']) {
      const { headers } = await api.send('GET', '/api/audit', { token, headers: { accept } });
      expect(headers.get('content-type'), accept).toBe('application/json; charset=utf-8');
    }
    const head = await api.send('HEAD', '/api/audit', { token, headers: csv });
    expect([head.status, head.headers.get('content-type'), head.text]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      '',
    ]);
    const users = await api.send('GET', '/api/users', { token, headers: csv });
    expect(users.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('makes text of a name that a spreadsheet would calculate', async () => {
    const { api, token } = await withEvents();
    await api.db('users').where({ id: 2 }).update({ name: '=cmd(),"x"' });
    const { text } = await api.send('GET', '/api/audit?user=2', { token, headers: csv });
    expect(text).toContain(`,niko,"'=cmd(),""x""",`);
  });

  test('is refused as the JSON is, and a refusal is a problem', async () => {
    const { api, niko, token } = await withEvents();
    const { token: lex } = await api.signIn('lex', '123qwerty');
    for (const [given, path, status] of [
      [lex, '/api/audit', 403],
      [niko.token, '/api/audit', 401],
      [token, '/api/audit?event=x', 400],
    ] as const) {
      const answer = await api.send('GET', path, { token: given, headers: csv });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  test('has 50 000 events at most with a link to older ones, and breaks off once the reader is no admin', async () => {
    const { api, token } = await withEvents();
    await addMany(api.db, 50_000);
    const first = await api.send('GET', '/api/audit', { token, headers: csv });
    expect(first.text.split('\r\n')).toHaveLength(50_002);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const rest = await api.send('GET', next, { token, headers: csv });
    expect(rest.text.split('\r\n')).toHaveLength(7);
    expect(rest.headers.get('link')).toBeNull();

    const reading = await readSlowly(api, token);
    await api.db('users').where({ id: 1 }).update({ role: 'user' });
    await expect(reading.rest()).rejects.toThrow();
  }, 120_000);
});

/** Begins to read the log as CSV and stops after the first bytes; `rest` reads on, and rejects if the answer breaks off. */
async function readSlowly({ url }: Api, token: string) {
  const sent = request(new URL('/api/audit', url), {
    headers: { authorization: `Bearer ${token}`, accept: 'text/csv' },
  }).end();
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return {
    async rest(): Promise<number> {
      let bytes = 0;
      for await (const chunk of response) bytes += chunk.length;
      return bytes;
    },
  };
}
