import { once } from 'node:events';
import { get, IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import express from 'express';
import { expect, test } from 'vitest';
import { messagesOf } from '../../src/http/messages.ts';
import { serveForTest } from '../listen-for-test.ts';

test('requests and responses have the prototypes that Express sets, before it sets them', async () => {
  const app = express();
  const { server, port } = await serveForTest(app);
  const seen: boolean[] = [];
  const look: RequestListener = (request, response) => {
    seen.push(
      Object.getPrototypeOf(request) === app.request && Object.getPrototypeOf(response) === app.response,
    );
  };
  server.prependListener('request', look);
  app.use((request, response) => {
    look(request, response);
    response.end();
  });
  await ask(port);
  expect(seen).toEqual([true, true]);
});

test.each([
  ['request', IncomingMessage.prototype],
  ['response', ServerResponse.prototype],
] as const)(
  "the prototype of a %s extends Node's directly, and has every member that Express defines",
  (side, nodes) => {
    const app = express();
    const expected = membersBelow(nodes, app[side]);
    messagesOf(app);
    const { constructor: _, ...actual } = Object.getOwnPropertyDescriptors(app[side]);
    expect(Object.getPrototypeOf(app[side])).toBe(nodes);
    expect(actual).toMatchObject(expected);
    expect(Object.keys(expected)).toEqual(
      expect.arrayContaining(side === 'request' ? ['app', 'protocol', 'ip', 'get'] : ['app', 'json', 'send']),
    );
  },
);

test('the members that Express defines work on requests and responses of these classes', async () => {
  const app = express();
  app.set('trust proxy', 1);
  app.use((request, response) => {
    const { protocol, secure, ip, host, path, query } = request;
    response.status(202).json({ protocol, secure, ip, host, path, query, ofApp: request.app === app });
  });
  const { port } = await serveForTest(app);
  const forwarded = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https', host: 'api.test' };
  const { status, body } = await ask(port, '/a?b=c', forwarded);
  expect(status).toBe(202);
  expect(JSON.parse(body)).toEqual({
    protocol: 'https',
    secure: true,
    ip: '192.0.2.7',
    host: 'api.test',
    path: '/a',
    query: { b: 'c' },
    ofApp: true,
  });
});

test("an app whose prototypes do not extend Node's is served by Node's classes", async () => {
  const app = express();
  const own = { app };
  Object.assign(app, { request: own });
  expect(messagesOf(app)).toEqual({ IncomingMessage, ServerResponse });
  expect(app.request).toBe(own);
});

function membersBelow(end: object, from: object): Record<string, PropertyDescriptor> {
  if (from === end) return {};
  return { ...membersBelow(end, Object.getPrototypeOf(from)), ...Object.getOwnPropertyDescriptors(from) };
}

async function ask(port: number, path = '/', headers = {}) {
  const [answer] = await once(get({ host: '127.0.0.1', port, path, headers, agent: false }), 'response');
  return { status: answer.statusCode, body: await text(answer) };
}
