import { describe, expect, test } from 'vitest';
import {
  createHostCheck,
  endpoints,
  hostOfUrl,
  isLoopback,
  problemCodesOf,
  problemOfHost,
} from '../src/index.ts';

const isAllowed = createHostCheck(['api.example.org', 'Signet.Internal.']);

describe('the list of hosts', () => {
  test.each([
    'api.example.org',
    'API.Example.ORG',
    'api.example.org.',
    'api.example.org:8086',
    'api.example.org.:443',
    'api.example.org:',
    'signet.internal',
    'localhost',
    'localhost:8086',
    'LOCALHOST.',
    'app.localhost:4100',
    '127.0.0.1:8086',
    '192.168.1.7',
    '203.0.113.5:443',
    '[::1]:8086',
    '[2001:db8::7]',
    '[::ffff:127.0.0.1]',
  ])('the list of hosts allows %s', (host) => {
    expect(isAllowed(host)).toBe(true);
  });

  test.each([
    'attacker.example',
    'attacker.example:8086',
    'api.example.org.attacker.example',
    'xapi.example.org',
    'sub.api.example.org',
    'api.example.org..',
    'localhost.attacker.example',
    'notlocalhost',
    '.localhost',
    '127.0.0.1.attacker.example',
    '0.0.0.0',
    '0.0.0.0:8086',
    '[::]:8086',
    '[::0]',
    '[::ffff:0.0.0.0]',
    '[0:0:0:0:0:0:0:0]',
    // Forms of an address that no browser sends, so nothing honest needs them.
    '0',
    '127.1',
    '0x7f.0.0.1',
    '256.1.1.1',
    '010.0.0.1',
    '2130706433',
    '::1',
    '[::1',
    '[::g]',
    'localhost:8086:1',
    'localhost@attacker.example',
    'attacker.example/localhost',
    'localhost, attacker.example',
    'local%68ost',
    'localhost\u3002',
    ' localhost',
    '',
  ])('the list of hosts does not allow %j', (host) => {
    expect(isAllowed(host)).toBe(false);
  });
});

test.each(['api.example.org', 'API.Example.org.', 'localhost', '192.168.1.7', '[2001:db8::7]'])(
  '%s is a name that can be listed',
  (name) => {
    expect(problemOfHost(name)).toBeUndefined();
  },
);

test.each([
  ['*', '* is not possible in it. List the exact names.'],
  ['*.example.org', '* is not possible in it. List the exact names.'],
  ['https://api.example.org', 'without a scheme, a port or a path'],
  ['CAPACITOR://localhost', 'without a scheme, a port or a path'],
  ['a1+.-://b', 'without a scheme, a port or a path'],
  ['api.example.org:8086', 'without a scheme, a port or a path'],
  ['api.example.org/path', 'without a scheme, a port or a path'],
  ['bücher.example', 'browsers send it as xn--bcher-kva.example. Write that.'],
  ['BÜCHER.example', 'browsers send it as xn--bcher-kva.example. Write that.'],
  ['0.0.0.0', 'no host can have that name.'],
  ['127.1', 'no host can have that name.'],
  ['a b', 'no host can have that name.'],
  ['a;b', 'no host can have that name.'],
  ['', 'no host can have that name.'],
])('%j is refused as a name of the list, with what to write', (name, problem) => {
  expect(problemOfHost(name)).toContain(problem);
});

test.each([
  ['https://API.example.org:8443/path', 'api.example.org'],
  ['http://[::1]:8086', '[::1]'],
  ['capacitor://localhost', 'localhost'],
  ['signet', undefined],
  ['/', undefined],
  ['http://{hostname}:8086', undefined],
  ['', undefined],
])('the host of %j is %j', (url, host) => {
  expect(hostOfUrl(url)).toBe(host);
});

test.each([
  'localhost',
  'app.localhost',
  'LOCALHOST',
  '127.0.0.1',
  'localhost.',
  '127.8.9.1',
  '::1',
  '[::1]',
])('the host %s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  '0.0.0.0',
  '::',
  '[::]',
  '10.0.0.1',
  '127.0.0.1.example.org',
  'example.org',
  '::2',
  '',
  'a b',
  'ftp://localhost',
])('the host %j is not loopback', (host) => {
  expect(isLoopback(host)).toBe(false);
});

test('only the endpoints for probes and scrapers answer under every host', () => {
  const everywhere = Object.entries(endpoints).filter(
    ([, endpoint]) => !problemCodesOf(endpoint).includes('host_unknown'),
  );
  expect(everywhere.map(([key]) => key).sort()).toEqual(['readHealth', 'readMetrics', 'readReadiness']);
});
