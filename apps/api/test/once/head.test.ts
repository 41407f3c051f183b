import { once } from 'node:events';
import { get, type IncomingMessage, ServerResponse } from 'node:http';
import express, { type Response } from 'express';
import { expect, test } from 'vitest';
import { addHeader, createResponseClass } from '../../src/http/head.ts';
import { serveForTest } from '../listen-for-test.ts';

const added = ['X-One', '1', 'Vary', 'Origin'];

test('an answer without other fields has the added ones in the order and the spelling in which they came', async () => {
  const { rawHeaders } = await answerOf((response) => response.end('text'));
  expect(rawHeaders.slice(0, 4)).toEqual(added);
  expect(rawHeaders).toContain('Date');
});

test.each<[string, (response: Response) => unknown, Record<string, string | undefined>]>([
  ['setHeader replaces an added field', (response) => response.setHeader('x-one', '2'), { 'x-one': '2' }],
  [
    'appendHeader adds to an added field',
    (response) => response.appendHeader('X-One', '2'),
    { 'x-one': '1, 2' },
  ],
  [
    'removeHeader removes an added field',
    (response) => response.removeHeader('X-One'),
    { 'x-one': undefined },
  ],
  [
    'vary of Express extends an added field',
    (response) => response.vary('Accept'),
    { vary: 'Origin, Accept' },
  ],
  [
    'setHeaders replaces an added field',
    (response) => response.setHeaders(new Map([['X-One', '2']])),
    { 'x-one': '2' },
  ],
  [
    'writeHead with fields replaces an added field',
    (response) => response.writeHead(200, { 'X-One': '2' }),
    { 'x-one': '2' },
  ],
  [
    'a field after a changed one is sent, too',
    (response) => {
      response.setHeader('X-Two', '2');
      addHeader(response, 'X-Three', '3');
    },
    { 'x-one': '1', 'x-two': '2', 'x-three': '3' },
  ],
  ['flushHeaders sends the added fields', (response) => response.flushHeaders(), { 'x-one': '1' }],
  [
    'writeHead with a reason sends the added fields',
    (response) => response.writeHead(200, 'Fine'),
    { 'x-one': '1' },
  ],
  [
    'json of Express sends the added fields',
    (response) => response.json({}),
    { 'x-one': '1', vary: 'Origin' },
  ],
])('%s', async (_title, change, expected) => {
  const { headers } = await answerOf((response) => {
    change(response);
    response.end();
  });
  expect(headers).toMatchObject(Object.fromEntries(Object.entries(expected).filter(([, value]) => value)));
  for (const [name, value] of Object.entries(expected)) expect(headers[name]).toBe(value);
});

test('each way of reading fields sees the added ones', async () => {
  const seen: unknown[] = [];
  const reads: ((response: Response) => unknown)[] = [
    (response) => response.getHeader('x-ONE'),
    (response) => response.hasHeader('X-One'),
    (response) => response.getHeaders()['x-one'],
    (response) => response.getHeaderNames(),
    (response) => response.get('X-One'),
  ];
  for (const read of reads)
    await answerOf((response) => {
      seen.push(read(response));
      response.end();
    });
  expect(seen).toEqual(['1', true, '1', ['x-one', 'vary'], '1']);
});

test('getHeader has the added fields also once the head is sent', async () => {
  let seen: unknown[] = [];
  await answerOf((response) => {
    response.end();
    seen = ['VARY', 'X-One', 'X-Two', '1'].map((name) => response.getHeader(name));
  });
  expect(seen).toEqual(['Origin', '1', undefined, undefined]);
});

test('every method of Node by which fields are read or changed knows the added ones', () => {
  const nodes = new Set<string>();
  for (let each = ServerResponse.prototype; each; each = Object.getPrototypeOf(each))
    for (const name of Object.getOwnPropertyNames(each)) if (/Header/.test(name)) nodes.add(name);
  // The first four call one of the others. `headersSent` and `_storeHeader` concern the head as a whole, and
  // `getRawHeaderNames` and the private ones are not used.
  const others = [
    'setHeaders',
    'flushHeaders',
    'writeHeader',
    '_implicitHeader',
    'headersSent',
    '_storeHeader',
  ];
  const unused = [
    'getRawHeaderNames',
    '_headers',
    '_headerNames',
    '_renderHeaders',
    '_isLenientHeaderValidation',
  ];
  for (const name of [...others, ...unused]) nodes.delete(name);
  const { constructor: _, ...ours } = Object.getOwnPropertyDescriptors(createResponseClass().prototype);
  expect(Object.keys(ours).sort()).toEqual([...nodes, 'writeHead'].sort());
});

/** The answer of an app that adds two fields, then calls `finish`. */
async function answerOf(finish: (response: Response) => unknown): Promise<IncomingMessage> {
  const app = express().disable('x-powered-by');
  app.use((_request, response) => {
    for (let index = 0; index < added.length; index += 2)
      addHeader(response, added[index] ?? '', added[index + 1] ?? '');
    finish(response);
  });
  const { port } = await serveForTest(app);
  const [answer] = await once(get({ host: '127.0.0.1', port, agent: false }), 'response');
  answer.resume();
  return answer;
}
