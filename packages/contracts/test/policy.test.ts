import { expect, test } from 'vitest';
import {
  cookiePaths,
  cookiePolicy,
  cookieProfiles,
  corsPolicy,
  type Endpoint,
  endpoints,
  isHostName,
  isLoopback,
  problemOfOrigin,
} from '../src/index.ts';

test.each([
  'http://localhost:4100',
  'http://127.0.0.1:4100',
  'http://[::1]:4100',
  'https://app.example.org',
  'https://app.example.org.',
  'http://localhost.:4100',
  'https://app_1.example.org:8443',
  'https://xn--bcher-kva.example',
  'capacitor://localhost',
  'tauri://localhost',
  'ionic://localhost:8080',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://0b3c9c64-1c2e-4c5d-9e59-0f6d3a1b2c3d',
])('%s is an origin that can be listed', (origin) => {
  expect(problemOfOrigin(origin)).toBeUndefined();
});

test.each([
  ['*', 'with credentials, * is not possible'],
  ['null', 'null is what every sandboxed page sends'],
  ['', 'it is not an origin'],
  ['localhost:4100', 'it is not an origin'],
  ['http://', 'it is not an origin'],
  ['capacitor://', 'it is not an origin'],
  ['capacitor:localhost', 'it is not an origin'],
  ['data:text/html,x', 'it is not an origin'],
  ['file:///index.html', 'it is not an origin'],
  ['file://server', 'it is not an origin'],
  ['ws://localhost', 'it is not an origin'],
  ['ftp://localhost', 'it is not an origin'],
  ['wss://localhost', 'it is not an origin'],
  ['http://localhost:99999', 'it is not an origin'],
  ['http://999.1.1.1', 'it is not an origin'],
  ['https://app.example.org..', 'no host can have that name'],
  ['https://.', 'no host can have that name'],
  ['http://127.0.0.1.', 'browsers send it as http://127.0.0.1.'],
  ['http://localhost:4100/', 'Write http://localhost:4100.'],
  ['http://localhost:4100/app', 'Write http://localhost:4100.'],
  ['http://user@localhost:4100', 'Write http://localhost:4100.'],
  ['http://localhost?', 'browsers send it as http://localhost.'],
  ['capacitor://localhost/', 'Write capacitor://localhost.'],
  ['tauri://user:pw@localhost', 'Write tauri://localhost.'],
  ['HTTP://LOCALHOST:4100', 'browsers send it as http://localhost:4100.'],
  ['Capacitor://LocalHost', 'browsers send it as capacitor://localhost.'],
  ['http://localhost:80', 'browsers send it as http://localhost.'],
  ['https://bücher.example', 'browsers send it as https://xn--bcher-kva.example.'],
  ['http://0x7f.1', 'browsers send it as http://127.0.0.1.'],
  [' http://localhost', 'browsers send it as http://localhost.'],
  ['https://*.example.org', '* is not possible in it'],
  ['https://a..b', 'no host can have that name'],
  ['https://a;b', 'no host can have that name'],
  ['capacitor://a%2fb', 'no host can have that name'],
  ['capacitor://1', 'no host can have that name'],
  ['capacitor://x1.2.3.4', 'no host can have that name'],
])('%j is refused as an origin, with what to write', (origin, problem) => {
  expect(problemOfOrigin(origin)).toContain(problem);
});

test.each([
  ['http://localhost:4100', true],
  ['https://localhost', true],
  ['http://app.localhost:4100', true],
  ['http://127.0.0.1:4100', true],
  ['http://127.255.255.254', true],
  ['http://[::1]:4100', true],
  ['http://127.0.0.1.evil.example', false],
  ['http://localhost.evil.example', false],
  ['http://evil-localhost', false],
  ['http://128.0.0.1', false],
  ['http://[::2]', false],
  ['capacitor://localhost', false],
  ['tauri://localhost', false],
  ['web+http://localhost', false],
  ['chrome-extension://localhost', false],
])('whether %s is an origin of this machine alone: %s', (origin, expected) => {
  expect(isLoopback(origin)).toBe(expected);
});

test.each([
  ['localhost', true],
  ['app-1.example_2.org', true],
  ['1password.example', true],
  ['', false],
  ['a..b', false],
  ['.a', false],
  ['a.', false],
  ['a b', false],
  ['10', false],
  ['10.0.0.1', false],
  ['example.1', false],
])('whether %j can be the name of a host: %s', (text, expected) => {
  expect(isHostName(text)).toBe(expected);
});

test('the CORS policy lists every method of the table, and the headers a page needs to call it and to read it', () => {
  const methods: readonly string[] = corsPolicy.methods;
  for (const { method } of Object.values<Endpoint>(endpoints)) expect(methods).toContain(method);
  expect(corsPolicy.headers).toEqual(expect.arrayContaining(['Authorization', 'Content-Type']));
  expect(corsPolicy.exposedHeaders).toEqual(expect.arrayContaining(['Link', 'Retry-After']));
});

test.each(cookieProfiles)('the cookies of %s keep what their prefixes and SameSite require', (profile) => {
  const { tokenName, refreshName, sameSite, secure } = cookiePolicy[profile];
  // RFC 6265bis, section 4.1.3: __Host- needs Secure and Path=/; __Secure- needs
  // Secure. Section 5.7: None needs Secure.
  const needsSecure = /^__(Host|Secure)-/.test(`${tokenName} ${refreshName}`) || sameSite === 'none';
  expect(secure || !needsSecure).toBe(true);
  expect(refreshName).not.toMatch(/^__Host-/);
  expect(refreshName).not.toBe(tokenName);
});

test('the refresh cookie reaches the endpoint that refreshes, and the one that signs out', () => {
  for (const { path } of [endpoints.refreshSession, endpoints.endCurrentSession])
    expect(path.startsWith(`${cookiePaths.refresh}/`)).toBe(true);
});
