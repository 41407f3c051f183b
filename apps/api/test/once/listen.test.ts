import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import { expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { serveForTest } from '../listen-for-test.ts';

/** The whole answer to these lines. */
async function answerTo(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write([...lines, '', ''].join('\r\n'));
  return text(socket);
}

const app = () =>
  express().use((request, response) => void response.send(`${request.method} ${request.url}`));

test('a port that is taken is an error with its code', async () => {
  const { port } = await serveForTest(app());
  await expect(listen(app(), { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
});

test.each([
  ['without a Host', ['GET /here HTTP/1.1', 'Connection: close'], 'GET /here'],
  [
    'with an expectation that nobody knows',
    ['GET /here HTTP/1.1', 'Expect: much', 'Connection: close'],
    'GET /here',
  ],
  ['for a tunnel', ['CONNECT localhost:22 HTTP/1.1'], 'CONNECT /'],
])('a request %s reaches the app, and its connection ends', async (_kind, lines, body) => {
  const { port } = await serveForTest(app());
  const answer = await answerTo(port, ...lines);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toMatch(/^Connection: close\r$/m);
  expect(answer.endsWith(`\r\n\r\n${body}`)).toBe(true);
});
