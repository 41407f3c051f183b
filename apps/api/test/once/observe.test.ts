import { get } from 'node:http';
import { endpoints } from '@signet/contracts';
import { expect, test } from 'vitest';
import { refusal } from '../../src/errors.ts';
import { niko, serveTable } from '../serve-table.ts';

const { readHealth, readProtected, listAuditEvents } = endpoints;
const table = { readHealth, readProtected, listAuditEvents };
const handlers = {
  readHealth: () => ({ status: 'ok' as const }),
  readProtected: () => ({ id: niko.user_id, username: niko.uid }),
  listAuditEvents: () => ({ items: [] }),
};
const admin = { ...niko, role: 'admin' as const };

test('a request leaves one record, without its query', async () => {
  const api = await serveTable(table, handlers);
  const headers = { 'x-request-id': 'an-id-of-mine', origin: 'http://localhost:4100' };
  await api.send('GET', '/api/audit?limit=7', { headers });
  await expect.poll(() => api.records).toHaveLength(1);
  expect(api.records[0]).toEqual({
    request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    caller_request_id: 'an-id-of-mine',
    method: 'GET',
    route: '/api/audit',
    path: '/api/audit',
    status: 403,
    ms: expect.any(Number),
    origin: 'http://localhost:4100',
    decisions: expect.any(Array),
    problem: { code: 'forbidden', rule: undefined },
  });
});

test.each(['seven77', 'x'.repeat(65), 'an id with spaces', 'a-good-one, another', 'an-id-\u00fc-of-mine'])(
  'the request id %s of a caller is not recorded',
  async (id) => {
    const api = await serveTable(table, handlers);
    await api.send('GET', '/healthz', { headers: { 'x-request-id': id } });
    await expect.poll(() => api.records).toHaveLength(1);
    expect(api.records[0]?.caller_request_id).toBeUndefined();
  },
);

test.each([
  { who: 'anyone', path: '/healthz', gate: {}, status: 200, decisions: ['origin granted'] },
  {
    who: 'a signed-in user',
    path: '/protected',
    gate: {},
    status: 200,
    decisions: ['origin granted', 'authentication granted'],
  },
  {
    who: 'an admin',
    path: '/api/audit',
    gate: { authenticate: async () => admin },
    status: 200,
    decisions: ['origin granted', 'authentication granted', 'role granted'],
  },
  {
    who: 'a page of a foreign origin',
    path: '/protected',
    gate: { guardOrigin: refuse('origin-unlisted') },
    status: 403,
    decisions: ['origin origin_refused'],
  },
  {
    who: 'a caller without a token',
    path: '/protected',
    gate: { authenticate: async () => refuse('no-token')() },
    status: 401,
    decisions: ['origin granted', 'authentication token_missing'],
  },
  {
    who: 'a caller whose token is refused without waiting',
    path: '/protected',
    gate: { authenticate: refuse('signature') },
    status: 401,
    decisions: ['origin granted', 'authentication token_invalid'],
  },
  {
    who: 'a user where an admin is needed',
    path: '/api/audit',
    gate: {},
    status: 403,
    decisions: ['origin granted', 'authentication granted', 'role forbidden'],
  },
  {
    who: 'a user while the database is away',
    path: '/protected',
    gate: { authenticate: () => Promise.reject(new Error('The database is away')) },
    status: 500,
    decisions: ['origin granted', 'authentication failed'],
  },
])(
  'the record of a request by $who names what the gate decided',
  async ({ path, gate, status, decisions }) => {
    const api = await serveTable(table, handlers, gate);
    const begin = performance.now();
    expect((await api.send('GET', path)).status).toBe(status);
    await expect.poll(() => api.records).toHaveLength(1);
    const elapsed = performance.now() - begin;
    const [record] = api.records;
    expect(record).toMatchObject({ status, path });
    // Each begins when the head of the request has arrived.
    for (const ms of [record?.ms, ...(record?.decisions.map((decision) => decision.ms) ?? [])])
      expect(ms).toBeLessThanOrEqual(elapsed);
    expect(record?.decisions.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(decisions);
  },
);

test('the status of an answer that its caller did not wait for is 499', async () => {
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const never = () => {
    isAsked();
    return new Promise<never>(() => {});
  };
  const api = await serveTable({ readHealth }, { readHealth: never });
  const request = get(`${api.url}/healthz`).on('error', () => {});
  await asked;
  request.destroy();
  await expect.poll(() => api.records.map(({ status }) => status)).toEqual([499]);
});

function refuse(rule: 'origin-unlisted' | 'no-token' | 'signature') {
  return (): never => {
    throw refusal(rule);
  };
}
