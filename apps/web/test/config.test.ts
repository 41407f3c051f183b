import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, readConfig } from '../src/config.ts';

const localhost = { protocol: 'http:', hostname: 'localhost', origin: 'http://localhost:4100' };
const loopback = { protocol: 'http:', hostname: '127.0.0.1', origin: 'http://127.0.0.1:4100' };
const capacitor = { protocol: 'capacitor:', hostname: 'localhost', origin: 'capacitor://localhost' };
// Chromium writes the origin of a scheme that it does not know as `null`.
const tauri = { protocol: 'tauri:', hostname: 'localhost', origin: 'null' };
const deployed = { protocol: 'https:', hostname: 'app.example.org', origin: 'https://app.example.org' };

describe('the address of the API', () => {
  test.each([
    ['port 8086 of the host that the page was opened on', null, localhost, 'http://localhost:8086'],
    ['the address that the page was opened on, not its synonym', null, loopback, 'http://127.0.0.1:8086'],
    ['the same scheme as the page', null, deployed, 'https://app.example.org:8086'],
    ['the given URL', 'https://api.example.org', deployed, 'https://api.example.org'],
    ['the given URL without its slash', 'https://api.example.org/', deployed, 'https://api.example.org'],
    ['the given port of the same host', 'http://{hostname}:12345', loopback, 'http://127.0.0.1:12345'],
    ["the page's own origin", '/', deployed, 'https://app.example.org'],
    [
      'the given URL in the webview of an app',
      'https://api.example.org',
      capacitor,
      'https://api.example.org',
    ],
    [
      'the given URL where the page has no origin',
      'https://api.example.org',
      tauri,
      'https://api.example.org',
    ],
    ['port 8086 over http in the webview of an app', null, capacitor, 'http://localhost:8086'],
    ['port 8086 over http where the page has no origin', null, tauri, 'http://localhost:8086'],
  ])('is %s', (_, api_url, location, expected) => {
    expect(readConfig({ api_url }, location)).toEqual({ apiUrl: expected });
  });
});

describe('a configuration', () => {
  test.each([
    ['no object', null],
    ['no api_url', {}],
    ['a number', { api_url: 8086 }],
    ['an empty URL', { api_url: '' }],
    ['no URL', { api_url: 'http://' }],
    ['another scheme', { api_url: 'ftp://example.org' }],
    ['a script', { api_url: 'javascript:alert(1)' }],
    ['a path', { api_url: 'https://example.org/api' }],
    ['a password', { api_url: 'https://user:password@example.org' }],
    ['a member that means nothing', { api_url: null, apiUrl: 'https://example.org' }],
  ])('with %s is refused, naming the file', (_, file) => {
    expect(() => readConfig(file, localhost)).toThrow(ConfigError);
    expect(() => readConfig(file, localhost)).toThrow('/config.json');
  });

  test.each([
    ['a missing file', () => new Response('Not found', { status: 404 })],
    ['a page instead of the file', () => new Response('<!doctype html>')],
    [
      'no answer',
      () => {
        throw new TypeError('Failed to fetch');
      },
    ],
  ])('is refused if the server sends %s', async (_, answer) => {
    await expect(loadConfig(async () => answer(), localhost)).rejects.toThrow(ConfigError);
  });
});

test('the configuration is fetched past every cache', async () => {
  const asked: unknown[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push([url, init.cache]);
    return Response.json({ api_url: null });
  };
  await loadConfig(fetch, localhost);
  expect(asked).toEqual([['/config.json', 'no-store']]);
});

test.each([capacitor, tauri])('a relative api_url is refused for a page of $protocol', (location) => {
  expect(() => readConfig({ api_url: '/' }, location)).toThrow(ConfigError);
});
