import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { drain } from '../../src/http/drain.ts';
import { listenForTest } from '../listen-for-test.ts';

async function serve(listener: RequestListener) {
  const server = createServer({ keepAliveTimeout: 600_000 }, listener);
  return { server, port: await listenForTest(server) };
}

/** Asks on one connection, which is kept. */
function createCaller(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return async (path = '/') => {
    const sent = get({ port, path, agent });
    const [response]: IncomingMessage[] = await once(sent, 'response');
    if (!response) throw new Error('There was no response');
    const { headers, socket } = response;
    return { connection: headers.connection, text: await text(response), socket };
  };
}

test('while a server drains it takes no new connections, and answers once more on each that is idle', async () => {
  const { server, port } = await serve((_request, response) => void response.end('an answer'));
  const ask = createCaller(port);
  expect(await ask()).toMatchObject({ connection: 'keep-alive', text: 'an answer' });
  let isDrained = false;
  const drained = drain(server, { idleSeconds: 300, totalSeconds: 600 }).then(() => {
    isDrained = true;
  });
  // A thousandth of either time is over then.
  await delay(1000);
  expect(isDrained).toBe(false);
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await ask()).toMatchObject({ connection: 'close', text: 'an answer' });
  await drained;
});

test('a server that drains closes idle connections after their time, and finishes what is under way', async () => {
  let finish = () => {};
  const { server, port } = await serve((request, response) => {
    if (request.url === '/') return void response.end();
    finish = () => void response.end('an answer');
  });
  const { socket: idle } = await createCaller(port)();
  const asking = createCaller(port)('/slow');
  await once(server, 'request');
  const drained = drain(server, { idleSeconds: 0, totalSeconds: 600 });
  await once(idle, 'close');
  finish();
  expect((await asking).text).toBe('an answer');
  await drained;
});

test('a server that drains cuts what is still under way in the end', async () => {
  const { server, port } = await serve(() => {});
  const asking = createCaller(port)();
  asking.catch(() => {});
  await once(server, 'request');
  await drain(server, { idleSeconds: 0, totalSeconds: 0.1 });
  await expect(asking).rejects.toThrow('socket hang up');
});

test('a server without connections is drained at once', async () => {
  const { server } = await serve((_request, response) => void response.end());
  await drain(server, { idleSeconds: 600, totalSeconds: 600 });
});
