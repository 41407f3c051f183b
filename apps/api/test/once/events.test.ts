import { EventEmitter, on } from 'node:events';
import { get } from 'node:http';
import { createClient, NetworkError, UnexpectedAnswerError } from '@signet/contracts';
import { readEvents } from '@signet/contracts/event-stream';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { HandlersOf } from '../../src/http/call.ts';
import { drain } from '../../src/http/drain.ts';
import { serveTable } from '../serve-table.ts';

const Tick = z.strictObject({ number: z.int(), text: z.string() });
type Tick = z.infer<typeof Tick>;

const table = {
  listTicks: {
    method: 'GET',
    path: '/ticks',
    tag: 'Test',
    summary: 'A stream of ticks',
    access: 'anyone',
    status: 200,
    answer: { kind: 'events', event: Tick },
    errors: [],
  },
  countTicks: {
    method: 'GET',
    path: '/ticks/count',
    tag: 'Test',
    summary: 'How many there were',
    access: 'anyone',
    status: 200,
    answer: { kind: 'json', schema: z.int() },
    errors: [],
  },
} as const;

const tick = (number: number): Tick => ({ number, text: `tick\n${number}` });

afterEach(() => {
  vi.useRealTimers();
});

async function serve(listTicks: HandlersOf<typeof table>['listTicks']) {
  const api = await serveTable(table, { listTicks, countTicks: () => 0 });
  const client = createClient({ baseUrl: api.url, fetch: (request) => fetch(request), readEvents });
  return { ...api, ...client };
}

async function* ticks(count: number): AsyncGenerator<Tick> {
  for (let number = 1; number <= count; number += 1) yield tick(number);
}

/** Ticks that arrive when they are emitted, until the call ends. */
function createEmitter() {
  const emitter = new EventEmitter();
  let ends = 0;
  async function* listen(ended: AbortSignal): AsyncGenerator<Tick> {
    try {
      for await (const [each] of on(emitter, 'tick', { signal: ended })) yield each;
    } catch (error) {
      if (!ended.aborted) throw error;
    } finally {
      ends += 1;
    }
  }
  return { listen, emit: (each: Tick) => emitter.emit('tick', each), ends: () => ends };
}

test('a stream of events writes each as one line of JSON, after its id where the endpoint names one', async () => {
  const plain = await serveTable({ listTicks: table.listTicks }, { listTicks: () => ticks(2) });
  expect((await plain.send('GET', '/ticks')).text).toBe(
    'data: {"number":1,"text":"tick\\n1"}\n\ndata: {"number":2,"text":"tick\\n2"}\n\n',
  );
  const listTicks = { ...table.listTicks, answer: { ...table.listTicks.answer, id: 'number' } } as const;
  const numbered = await serveTable({ listTicks }, { listTicks: () => ticks(1) });
  expect((await numbered.send('GET', '/ticks')).text).toBe('id: 1\ndata: {"number":1,"text":"tick\\n1"}\n\n');
});

test('a stream of events arrives as an async iterable of parsed events, and ends with its source', async () => {
  const { call } = await serve(() => ticks(3));
  const received: Tick[] = [];
  for await (const each of await call(table.listTicks)) received.push(each);
  expect(received).toEqual([tick(1), tick(2), tick(3)]);
});

test('a stream of events is neither stored by a cache nor collected by nginx', async () => {
  const { url } = await serve(() => ticks(1));
  const answer = await fetch(`${url}/ticks`);
  expect([answer.status, await answer.text()]).toEqual([200, `data: ${JSON.stringify(tick(1))}\n\n`]);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
});

test('HEAD of a stream of events has its headers, and does not wait for an event', async () => {
  let asked = 0;
  const { url } = await serve(async function* () {
    asked += 1;
    yield tick(asked);
  });
  const answer = await fetch(`${url}/ticks`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type'), asked]).toEqual([200, 'text/event-stream', 0]);
});

test('an event arrives when it happens, and a source is closed when the caller leaves', async () => {
  const { listen, emit, ends } = createEmitter();
  const { call } = await serve(({ ended }) => listen(ended));
  const events = (await call(table.listTicks))[Symbol.asyncIterator]();
  const first = events.next();
  await vi.waitFor(async () => expect(emit(tick(1))).toBe(true));
  expect(await first).toEqual({ done: false, value: tick(1) });
  expect(ends()).toBe(0);
  await events.return?.();
  await vi.waitFor(() => expect(ends()).toBe(1));
});

test('an abort ends the iteration with the abort, and closes the source', async () => {
  const { listen, emit, ends } = createEmitter();
  const { call } = await serve(({ ended }) => listen(ended));
  const controller = new AbortController();
  const events = (await call(table.listTicks, { signal: controller.signal }))[Symbol.asyncIterator]();
  const first = events.next();
  await vi.waitFor(async () => expect(emit(tick(1))).toBe(true));
  await first;
  const second = events.next();
  controller.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  await vi.waitFor(() => expect(ends()).toBe(1));
});

test('an event with a member that the contract does not name cuts the stream, and no byte of it leaves', async () => {
  const { call, url, logged } = await serve(async function* () {
    yield tick(1);
    yield { ...tick(2), password: 'a-hash' };
  });
  const received: Tick[] = [];
  const reading = (async () => {
    for await (const each of await call(table.listTicks)) received.push(each);
  })();
  await expect(reading).rejects.toBeInstanceOf(NetworkError);
  expect(JSON.stringify(received)).not.toContain('a-hash');
  const bytes = await new Promise<string>((resolve) => {
    get(`${url}/ticks`, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => {});
      response.on('close', () => resolve(text));
    });
  });
  expect(bytes).not.toMatch(/a-hash|password/);
  expect(logged()).toContain('internal');
  expect(logged()).not.toContain('a-hash');
});

test('a silent stream carries a comment every 15 seconds, so that no proxy takes it for dead', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { listen, emit } = createEmitter();
  const { url } = await serve(({ ended }) => listen(ended));
  const reader = (await fetch(`${url}/ticks`)).body?.pipeThrough(new TextDecoderStream()).getReader();
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  vi.advanceTimersByTime(15_000);
  expect((await reader?.read())?.value).toBe(':\n\n');
  emit(tick(1));
  expect((await reader?.read())?.value).toContain('tick');
  await reader?.cancel();
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
});

test('a source is not asked for more while the caller does not read', async () => {
  let [made, ends] = [0, 0];
  const text = 'x'.repeat(100_000);
  const { url } = await serve(async function* () {
    try {
      for (;;) {
        made += 1;
        yield { number: made, text };
      }
    } finally {
      ends += 1;
    }
  });
  const response = await new Promise<import('node:http').IncomingMessage>((resolve) => {
    get(`${url}/ticks`, resolve);
  });
  // Buffers of sockets and of the system fill up, then the number stays what it is.
  let before = -1;
  await vi.waitFor(
    () => {
      const isStill = made > 0 && made === before;
      before = made;
      expect(isStill).toBe(true);
    },
    { timeout: 20_000, interval: 500 },
  );
  expect(made).toBeLessThan(1000);
  const half = made;
  response.resume();
  await vi.waitFor(() => expect(made).toBeGreaterThan(2 * half));
  response.pause();
  response.destroy();
  await vi.waitFor(() => expect(ends).toBe(1));
});

test('draining ends a stream whose source is silent and does not listen', async () => {
  const silent: AsyncIterable<Tick> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  const { url, server } = await serve(() => silent);
  const answer = await fetch(`${url}/ticks`);
  const drained = drain(server, { idleSeconds: 0, totalSeconds: 600 });
  expect(await answer.text()).toBe('');
  await drained;
});

test('draining ends streams of events at once, and the caller sees their end', async () => {
  const { listen, emit, ends } = createEmitter();
  const { call, server } = await serve(({ ended }) => listen(ended));
  const events = (await call(table.listTicks))[Symbol.asyncIterator]();
  const first = events.next();
  await vi.waitFor(async () => expect(emit(tick(1))).toBe(true));
  await first;
  const second = events.next();
  const drained = drain(server, { idleSeconds: 0, totalSeconds: 600 });
  expect(await second).toEqual({ done: true, value: undefined });
  expect(ends()).toBe(1);
  await drained;
});

test.each([
  ['an HTML page', 'text/html', '<h1>Bad gateway</h1>'],
  ['JSON', 'application/json', '{}'],
])('%s instead of a stream of events rejects with UnexpectedAnswerError', async (_, type, body) => {
  const { call } = createClient({
    baseUrl: 'http://localhost',
    fetch: async () => new Response(body, { headers: { 'content-type': type } }),
  });
  await expect(call(table.listTicks)).rejects.toBeInstanceOf(UnexpectedAnswerError);
});

test.each(['{"number":1}', 'not JSON'])('the event %s rejects with UnexpectedAnswerError', async (data) => {
  const { call } = createClient({
    baseUrl: 'http://localhost',
    fetch: async () =>
      new Response(`data: ${data}\n\n`, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
    readEvents,
  });
  const events = (await call(table.listTicks))[Symbol.asyncIterator]();
  await expect(events.next()).rejects.toBeInstanceOf(UnexpectedAnswerError);
});

test('a client that was given no reader of event streams says so', async () => {
  const { call } = createClient({
    baseUrl: 'http://localhost',
    fetch: async () => new Response('', { headers: { 'content-type': 'text/event-stream' } }),
  });
  await expect(call(table.listTicks)).rejects.toThrow('createClient was given no readEvents');
});
