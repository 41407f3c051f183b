import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readTarget } from '../../src/http/target.ts';

test('a target that URL.canParse takes for a URL and the constructor does not is unclear, and ends no process', () => {
  // Once V8 has optimised the caller, Node 20's URL.canParse reads such a text as UTF-8.
  for (let turn = 0; turn < 50_000; turn += 1) {
    const request = { url: 'http://\u00dc\u0092', headers: {} } as IncomingMessage;
    readTarget(request);
    expect(request.hasUnclearTarget).toBe(true);
  }
});

function requestFor(url: string | undefined): IncomingMessage {
  // What is read and written of a request; a real one needs a connection.
  return { url, headers: { host: 'header.example' } } as IncomingMessage;
}

test.each([
  ['/token?a=b', '/token?a=b', 'header.example'],
  ['*', '*', 'header.example'],
  ['http://line.example/token?a=b', '/token?a=b', 'line.example'],
  ['HTTPS://line.example:8443', '/', 'line.example:8443'],
])('the target %s asks for %s at %s', (url, path, host) => {
  const request = requestFor(url);
  readTarget(request);
  expect([request.url, request.headers.host, request.hasUnclearTarget]).toEqual([path, host, undefined]);
});

test.each([
  undefined,
  '',
  'token',
  'line.example:443',
  'ftp://line.example/',
  'xhttp://line.example/',
  'http://',
  'http://user@line.example/',
  'http://:password@line.example/',
])('the target %s is unclear', (url) => {
  const request = requestFor(url);
  readTarget(request);
  expect([request.url, request.headers.host, request.hasUnclearTarget]).toEqual([
    '/',
    'header.example',
    true,
  ]);
});
