import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareTemplates, type Endpoint, endpoints, matchEndpoint, pathOf } from '../src/index.ts';

const table = {
  readUser: { method: 'GET', path: '/users/:id' },
  readMe: { method: 'GET', path: '/users/me' },
  endSession: { method: 'DELETE', path: '/users/:id/sessions/:session' },
  readKeys: { method: 'GET', path: '/.well-known/jwks.json' },
} as const;

test('pathOf fills every parameter of a template', () => {
  expect(pathOf(table.endSession, { id: 7, session: 'a-b' })).toBe('/users/7/sessions/a-b');
  expect(pathOf(table.readMe)).toBe('/users/me');
});

test('pathOf encodes a parameter, so that it stays one segment of the path', () => {
  expect(pathOf(table.readUser, { id: '../me?x=#/é' })).toBe('/users/..%2Fme%3Fx%3D%23%2F%C3%A9');
});

test.each(['', '.', '..'])('pathOf refuses the parameter "%s", which would name another path', (id) => {
  expect(() => pathOf(table.readUser, { id })).toThrow(RangeError);
});

test('pathOf refuses a parameter that was not given', () => {
  // @ts-expect-error the template has a parameter
  expect(() => pathOf(table.readUser)).toThrow('"" cannot stand for :id in /users/:id');
  // @ts-expect-error the parameter has another name
  expect(() => pathOf(table.readUser, { uid: 7 })).toThrow(RangeError);
});

test.each([
  ['GET', '/users/7', { key: 'readUser', params: { id: '7' } }],
  ['GET', '/users/7/', { key: 'readUser', params: { id: '7' } }],
  ['HEAD', '/users/7', { key: 'readUser', params: { id: '7' } }],
  ['GET', '/users/me', { key: 'readMe', params: {} }],
  ['GET', '/users/me/', { key: 'readMe', params: {} }],
  ['GET', '/users/%2F', { key: 'readUser', params: { id: '/' } }],
  ['GET', '/users/{{user_id}}', { key: 'readUser', params: { id: '{{user_id}}' } }],
  ['DELETE', '/users/7/sessions/x', { key: 'endSession', params: { id: '7', session: 'x' } }],
  ['GET', '/.well-known/jwks.json', { key: 'readKeys', params: {} }],
])('%s %s belongs to the endpoint %o', (method, path, match) => {
  expect(matchEndpoint(table, method, path)).toEqual(match);
});

test.each([
  ['POST', '/users/7'],
  ['OPTIONS', '/users/7'],
  ['GET', '/users'],
  ['GET', '/users/'],
  ['GET', '/users//'],
  ['GET', '/users/7//'],
  ['GET', '/users/7/sessions'],
  ['GET', '/Users/7'],
  ['GET', 'users/7'],
  ['GET', '/users/%E0%A4%A'],
  ['GET', '/.well-known/jwksxjson'],
])('%s %s belongs to no endpoint', (method, path) => {
  expect(matchEndpoint(table, method, path)).toBeUndefined();
});

test('a path made by pathOf belongs to its endpoint, with the same parameters', () => {
  const segment = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/^\.{1,2}$/.test(text));
  fc.assert(
    fc.property(segment, segment, (id, session) => {
      const { pathname } = new URL(pathOf(table.endSession, { id, session }), 'http://localhost');
      expect(matchEndpoint(table, 'DELETE', pathname)).toEqual({
        key: 'endSession',
        params: { id, session },
      });
    }),
  );
});

test('no two endpoints of the table share a method and a path', () => {
  for (const [key, { method, path }] of Object.entries<Endpoint>(endpoints))
    expect(matchEndpoint(endpoints, method, path.replaceAll(':', '0'))?.key).toBe(key);
});

test('templates are tried with literal segments before parameters, at the first segment that differs', () => {
  const templates = ['/a/:x/c', '/:x', '/a/:x/:y', '/a/b/:y', '/a'];
  expect(templates.toSorted(compareTemplates)).toEqual(['/a', '/a/b/:y', '/a/:x/c', '/a/:x/:y', '/:x']);
});

test.each([
  ['/users/me', '/users/:id', -1],
  ['/users/:id', '/users/me', 1],
  ['/users/:id', '/posts/:post', 0],
  ['/:x/b', '/a/:y', 1],
])('%s and %s are tried in the order %i', (one, other, order) => {
  expect(compareTemplates(one, other)).toBe(order);
});

test('an address has no segment more than its template, but for the slash at its end', () => {
  const readMe = { readMe: table.readMe };
  expect(matchEndpoint(readMe, 'GET', '/users/me/')?.key).toBe('readMe');
  expect(matchEndpoint(readMe, 'GET', '/users/me//')).toBeUndefined();
  expect(matchEndpoint(readMe, 'GET', '/users/me/x')).toBeUndefined();
});

test('the root is matched, although its only segment is empty', () => {
  expect(matchEndpoint({ root: { method: 'GET', path: '/' } }, 'GET', '/')?.key).toBe('root');
});
