import { request } from 'node:http';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createRequestLog } from '../../src/http/request-log.ts';
import { createLog } from '../../src/log.ts';
import { startApi } from '../start-api.ts';

function collectingLog() {
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(`${chunk}`)) });
  return { log: createLog({ level: 'trace' }, destination), lines };
}

test.each([
  ['a long message', () => ({ err: new Error('x'.repeat(50_000)) })],
  ['a text that grows when it is escaped', () => ({ err: new Error('\u0001"\\'.repeat(5000)) })],
  ['wide characters', () => ({ err: new Error('字'.repeat(50_000)) })],
  ['causes of causes', () => ({ err: deep(20) })],
  ['a member of its own', () => ({ anything: 'y'.repeat(50_000) })],
])('a line of the log has 2 kB at most, and is JSON, also with %s', (_what, members) => {
  const { log, lines } = collectingLog();
  log.error({ request_id: 'abcdefgh', ...members() }, 'failed');
  expect(lines).toHaveLength(1);
  expect(Buffer.byteLength(lines[0] ?? '')).toBeLessThanOrEqual(2048);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 50, request_id: 'abcdefgh', msg: 'failed' });
});

test('a failure is logged with its message, the beginning of its stack, and its cause', () => {
  const { log, lines } = collectingLog();
  log.error({ err: new Error('outside', { cause: new Error('inside') }) }, 'internal');
  const { err } = JSON.parse(lines[0] ?? '');
  expect(err).toMatchObject({ type: 'Error', message: 'outside', cause: { message: 'inside' } });
  expect(err.stack).toContain('log.test.ts');
});

test('a request with a long path and a long origin writes a short line', async () => {
  const api = await startApi();
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${api.url}/${'p'.repeat(30_000)}`, {
      headers: { origin: `http://${'o'.repeat(45_000)}` },
    });
    sent.on('response', ({ statusCode, headers }) => {
      resolve([statusCode, headers['x-request-id']]);
    });
    sent.on('error', reject).end();
  });
  expect(status).toEqual([404, expect.any(String)]);
  await expect.poll(api.logged).toContain('GET /ppp');
  for (const line of api.logged().split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(2048);
});

test.each([
  ['https://app.example.org:8443', 'https://app.example.org:8443'],
  ['null', 'null'],
  ['https://app.example.org/path?token=secret', '(not an origin)'],
  ['forged", "level": 60', '(not an origin)'],
])('the Origin %s is logged as %s', (origin, logged) => {
  const { log, lines } = collectingLog();
  const record = {
    request_id: 'abcdefgh',
    caller_request_id: undefined,
    method: 'GET',
    route: undefined,
    path: '/',
    status: 200,
    ms: 1,
  };
  createRequestLog(log)({ ...record, origin, decisions: [], problem: undefined });
  expect(JSON.parse(lines[0] ?? '').origin).toBe(logged);
});

function deep(levels: number): Error {
  return new Error(`level ${levels} ${'z'.repeat(1000)}`, levels > 0 ? { cause: deep(levels - 1) } : {});
}
