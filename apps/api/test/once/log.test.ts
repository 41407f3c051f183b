import { request } from 'node:http';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { RequestRecord } from '../../src/http/observe.ts';
import { createRequestLog } from '../../src/http/request-log.ts';
import { createLog } from '../../src/log.ts';
import { recordWith } from '../request-record.ts';
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
  ['xhttps://app.example.org', 'xhttps://app.example.org'],
  [' https://app.example.org', '(not an origin)'],
  ['nullx', '(not an origin)'],
  ['1https://app.example.org', '(not an origin)'],
  ['https://', '(not an origin)'],
  [undefined, undefined],
  ['', '(not an origin)'],
])('the Origin %s is logged as %s', (origin, logged) => {
  expect(lineOf({ origin }).origin).toBe(logged);
});

test('a request is logged with its ids and its time in whole milliseconds, a failure as a warning', () => {
  expect(lineOf({ caller_request_id: 'an-id-of-mine', ms: 1.6 })).toEqual({
    level: 30,
    time: expect.any(String),
    request_id: 'abcdefgh',
    caller_request_id: 'an-id-of-mine',
    ms: 2,
    msg: 'GET / 200',
  });
  expect(lineOf({ status: 499 }).level).toBe(30);
  expect(lineOf({ status: 500 }).level).toBe(40);
});

test('a path and an origin of 255 characters are logged whole, and longer ones are cut', () => {
  const [path, origin] = [`/${'p'.repeat(254)}`, `http://${'o'.repeat(248)}`];
  expect(lineOf({ path, origin })).toMatchObject({ msg: `GET ${path} 200`, origin });
  expect(lineOf({ path: `${path}p`, origin: `${origin}o` })).toMatchObject({
    msg: `GET ${path}… 200`,
    origin: `${origin}…`,
  });
});

/** The line that a request with these members writes. */
function lineOf(members: Partial<RequestRecord>) {
  const { log, lines } = collectingLog();
  createRequestLog(log)(recordWith(members));
  return JSON.parse(lines[0] ?? '');
}

function deep(levels: number): Error {
  return new Error(`level ${levels} ${'z'.repeat(1000)}`, levels > 0 ? { cause: deep(levels - 1) } : {});
}
