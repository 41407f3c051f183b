import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Problem } from '@signet/contracts';
import express from 'express';
import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../src/http/observe.ts';
import { serveForTest } from '../listen-for-test.ts';
import { startApi, webOrigin } from '../start-api.ts';

describe('bytes that are not a valid request', () => {
  test.each([
    ['an unknown method', 400, 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n'],
    [
      'a control character in a header',
      400,
      'GET / HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:4100\x0b\r\n\r\n',
    ],
    [
      'a length beside chunks',
      400,
      'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers that are too long', 431, `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['the beginning of TLS', 400, '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1'],
  ])(
    'bytes that are not a valid request are answered with a problem: %s: %i',
    async (_name, status, bytes) => {
      const api = await startApi();
      const answer = await send(connectTo(api.url), bytes);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(/^Content-Type: application\/problem\+json/m);
      expect(head).toMatch(/^Vary: Origin\r?$/m);
      const problem = Problem.parse(JSON.parse(body));
      expect(problem).toMatchObject({
        status,
        code: 'invalid_request',
        title: STATUS_CODES[status],
        error: STATUS_CODES[status],
      });
      expect(head).toContain(`X-Request-Id: ${problem.request_id}`);
      expect(Number(/^Content-Length: (\d+)/m.exec(head)?.[1])).toBe(Buffer.byteLength(body));
    },
  );

  test('an invalid request is answered with a problem on a connection that was used before', async () => {
    const api = await startApi();
    const socket = connectTo(api.url);
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    const [first] = await once(socket, 'data');
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await send(socket, 'FOO / HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/,
    );
  });
});

test('a malformed chunked body is refused with CORS headers, so that the page can read the reason', async () => {
  const api = await startApi();
  const head = [
    'POST /token HTTP/1.1',
    'Host: localhost',
    `Origin: ${webOrigin}`,
    'Content-Type: application/json',
  ];
  const answer = await send(
    connectTo(api.url),
    `${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n1\r\n{\r\nQQ\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  for (const line of [
    `access-control-allow-origin: ${webOrigin}`,
    'access-control-allow-credentials: true',
    'x-request-id: ',
  ])
    expect(answer.toLowerCase().split(line)).toHaveLength(2);
  const [answerHead = ''] = answer.split('\r\n\r\n');
  for (const line of answerHead.split('\r\n').slice(1)) expect(line).toMatch(/^[A-Za-z-]+: \S/);
  await expect.poll(api.logged).toMatch(/"msg":"POST \/token 400"/);
  expect(api.logged()).not.toContain('499');
});

test.each([
  ['CONNECT', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22'],
  ['a target in asterisk form with GET', 'GET * HTTP/1.1\r\nHost: localhost'],
  ['a transfer coding before chunked', chunked('POST /token HTTP/1.1\r\nHost: localhost', 'gzip, chunked')],
  ['chunks in HTTP/1.0', chunked('POST /token HTTP/1.0\r\nHost: localhost', 'chunked')],
  ['an unknown transfer coding', chunked('POST /token HTTP/1.1\r\nHost: localhost', 'xchunked')],
  ['a path that is no UTF-8', 'GET /problems/%ff HTTP/1.1\r\nHost: localhost'],
])('%s is refused with a problem that a page can read, and with a line in the log', async (_name, head) => {
  const api = await startApi();
  const [line, ...rest] = head.split('\r\n');
  const [method] = head.split(' ', 1);
  const answer = await send(
    connectTo(api.url),
    [line, `Origin: ${webOrigin}`, 'Connection: close', ...(rest.length > 1 ? rest : [...rest, '', ''])].join(
      '\r\n',
    ),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 (400|404|405) /);
  const [answerHead = '', body = ''] = answer.split('\r\n\r\n');
  expect(answerHead).toMatch(new RegExp(`^access-control-allow-origin: ${webOrigin}\r?$`, 'im'));
  const { request_id } = Problem.parse(JSON.parse(body));
  expect(answerHead.toLowerCase()).toContain(`x-request-id: ${request_id}`);
  await expect.poll(api.logged).toMatch(new RegExp(`"request_id":"${request_id}".*"msg":"${method} `));
});

test('a request whose head cannot be read leaves a line in the log with the id of its answer', async () => {
  const api = await startApi();
  const answer = await send(connectTo(api.url), 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n');
  const id = /^X-Request-Id: (\S+)/m.exec(answer)?.[1];
  expect(api.logged()).toMatch(new RegExp(`"request_id":"${id}".*"msg":"- - 400"`));
});

test('an app learns of bytes that are no request, and their answer has no header field but these', async () => {
  const app = express();
  const records: RequestRecord[] = [];
  app.addListener('unreadable', (record: RequestRecord) => records.push(record));
  const { url } = await serveForTest(app);
  const answer = await send(connectTo(url), 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const { request_id, detail } = Problem.parse(JSON.parse(body));
  expect(detail).toBe('The request is malformed');
  expect(head.split('\r\n')).toEqual([
    'HTTP/1.1 400 Bad Request',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Cache-Control: no-store',
    'Vary: Origin',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${request_id}`,
    'Connection: close',
  ]);
  expect(records).toEqual([
    {
      request_id,
      caller_request_id: undefined,
      method: '-',
      route: undefined,
      path: '-',
      status: 400,
      ms: 0,
      origin: undefined,
      decisions: [],
      problem: { code: 'invalid_request', rule: undefined },
    },
  ]);
});

test('a body that turns out to be malformed after the answer has begun gets no second answer', async () => {
  const app = express();
  app.use((_request, response) => void response.write('the first part'));
  const { url } = await serveForTest(app);
  const socket = connectTo(url);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  const [first] = await once(socket, 'data');
  const rest = await send(socket, 'QQ\r\n');
  expect(`${first}${rest}`).toMatch(/^HTTP\/1\.1 200 /);
  expect(`${first}${rest}`.split('HTTP/1.1')).toHaveLength(2);
});

test('an unknown Expect header is ignored', async () => {
  const api = await startApi();
  const answer = await send(
    connectTo(api.url),
    'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: much\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*Vary: Origin/);
});

/** The head, and an empty JSON object in one chunk. */
function chunked(head: string, coding: string): string {
  const headers = ['Content-Type: application/json', `Transfer-Encoding: ${coding}`];
  return [head, ...headers, '', '2', '{}', '0', '', ''].join('\r\n');
}

function connectTo(url: string): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1');
}

async function send(socket: Socket, bytes: string): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  socket.write(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}
