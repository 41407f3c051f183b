import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  corsPolicy,
  type Endpoint,
  endpoints,
  expandPath,
  Problem,
  problemOfOrigin,
  problems,
} from '@signet/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { testConfiguration } from './start-nginx.ts';

// nginx answers preflights and its own errors without the API, so nginx/*.template holds
// copies of what packages/contracts/src says. These tests compare the copies with
// policy/cors.ts, policy/origins.ts and problems.ts.

const webRoot = mkdtempSync(join(tmpdir(), 'signet-web-root-'));
writeFileSync(join(webRoot, 'index.html'), '');
afterAll(() => rmSync(webRoot, { recursive: true }));

const testOrigins = (origins: string) => testConfiguration({ WEB_ROOT: webRoot, WEB_ORIGINS: origins });
const { rendered } = testOrigins('http://localhost:4100');
const file = (name: string) => rendered[name] ?? '';
const maps = file('maps.conf');

describe('nginx/api-server.conf.template and nginx/maps.conf.template agree with policy/cors.ts', () => {
  const { methods, headers, exposedHeaders, maxAgeSeconds } = corsPolicy;

  test.each([
    ['Access-Control-Allow-Methods', methods.join(',')],
    ['Access-Control-Allow-Headers', headers.join(',')],
    ['Access-Control-Max-Age', String(maxAgeSeconds)],
  ])('a preflight is answered with %s: %s', (name, value) => {
    expect(preflightHeader(name)).toBe(value);
  });

  test('a page may read the same headers of an answer by nginx as of one by the API', () => {
    expect(mapOf('granted_exposure').default).toBe(exposedHeaders.join(','));
  });

  test('nginx knows the methods that the API answers, and lists them when it refuses another', () => {
    expect(mapOf('is_unknown_method')).toEqual({ default: 'yes', [`~^(${methods.join('|')})$`]: '' });
    expect(mapOf('problem_allow')['405']).toBe(methods.join(', '));
  });
});

describe('nginx/maps.conf.template and nginx/problems.conf.template agree with problems.ts', () => {
  const [, ownStatuses = ''] = /error_page ([\d ]+) \/-\/problem;/.exec(file('problems.conf')) ?? [];
  // 494 is nginx's name for headers that are too long; it leaves as 431.
  const statuses = [...ownStatuses.trim().split(' '), '431'];
  const knownStatuses = new Set(Object.values(problems).map(({ status }) => String(status)));
  const [own = '', plaintext = ''] = [...file('problems.conf').matchAll(/return \d+ '(\{.*\})';/g)].map(
    ([, body = '']) => body,
  );

  test('the statuses that nginx gives by itself are found in its configuration', () => {
    expect(statuses).toEqual(expect.arrayContaining(['400', '403', '404', '413', '429', '502', '504']));
    for (const status of Object.keys(mapOf('problem_title')))
      if (status !== 'default') expect(statuses).toContain(status);
  });

  test.each(statuses)(
    'the problem that nginx answers with %s has the code and the title of the table',
    (status) => {
      const title = entryOf('problem_title', status);
      const problem = problemOf(own, {
        status,
        problem_code: entryOf('problem_code', status),
        problem_title: title,
        problem_detail: entryOf('problem_detail', status),
      });
      const known: { status: number; title: string; detail?: string } = problems[problem.code];
      // Statuses of nginx's own (414, 502 …) borrow a code of the table, and
      // have the reason phrase of HTTP as title.
      if (!knownStatuses.has(status)) expect(title.toLowerCase()).toBe(STATUS_CODES[status]?.toLowerCase());
      else {
        expect([String(known.status), title]).toEqual([status, known.title]);
        if (known.detail !== undefined) expect(problem.detail).toBe(known.detail);
      }
    },
  );

  test('every status of the table that nginx gives has entries of its own, not the default of another', () => {
    for (const status of statuses.filter((each) => knownStatuses.has(each) && each !== '400'))
      for (const name of ['problem_code', 'problem_title', 'problem_detail'])
        expect(Object.keys(mapOf(name)), `${status} in $${name}`).toContain(status);
  });

  test('the refusal of plain http is a problem of the table', () => {
    const problem = problemOf(plaintext, {});
    expect(problem).toMatchObject({ code: 'forbidden', status: problems.forbidden.status });
    expect(problem.title).toBe(problems.forbidden.title);
  });
});

describe('the locations of nginx agree with endpoints.ts', () => {
  const rows = Object.values<Endpoint>(endpoints).filter(({ path }) => path !== '/metrics');
  const pathsOf = (ofEndpoint: (endpoint: Endpoint) => boolean) => [
    ...new Set(rows.filter(ofEndpoint).map(({ path }) => expandPath(path, () => '7'))),
  ];
  const ofForms = pathsOf(({ multipart }) => multipart !== undefined);
  const ofJson = pathsOf(() => true).filter((path) => !ofForms.includes(path));

  test.each(ofForms.flatMap((path) => [path, `${path}/`]))(
    'nginx takes an image at %s, because its row has `multipart` (location in nginx/api-server.conf.template)',
    (path) => {
      expect(locationOf(path, 'api-server.conf')).toMatch(/client_max_body_size 6m;/);
    },
  );

  test.each(ofJson.flatMap((path) => [path, `${path}/`]))(
    'nginx takes no more than JSON at %s (location in nginx/api-server.conf.template)',
    (path) => {
      expect(locationOf(path, 'api-server.conf')).not.toMatch(/client_max_body_size/);
    },
  );

  test.each(pathsOf(() => true))(
    'the server with the pages passes %s to the API (location in nginx/web-server.conf.template)',
    (path) => {
      expect(locationOf(path, 'api-server.conf') || locationOf(path, 'web-server.conf')).toContain(
        '/forward.conf;',
      );
    },
  );

  // The files of the page /docs are redirected as the page is.
  test.each(pathsOf(({ answer, path }) => answer.kind !== 'text' && !path.startsWith('/docs/')))(
    'with a certificate, a call of %s over plain http is refused (location in nginx/servers-tls.conf.template)',
    (path) => {
      const refusal = /location ~ (\S+) \{\n +rewrite \^ \/-\/plaintext last;/;
      const [, pattern = 'no such location'] = refusal.exec(file('servers-tls.conf')) ?? [];
      expect(path).toMatch(new RegExp(pattern));
    },
  );
});

describe('nginx/start.sh agrees with policy/origins.ts', () => {
  test.each([
    'http://localhost:4100',
    'http://[::1]:4100',
    'https://app_1.example.org:8443',
    'https://app.example.net.',
    'https://app.example.net.:8443',
    'capacitor://localhost',
    'tauri://localhost',
    'web+app://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    '*',
    'null',
    'localhost:4100',
    'capacitor:localhost',
    'capacitor://localhost/',
    'Capacitor://localhost',
    'http://localhost:4100/',
    'http://user@localhost',
    'HTTP://LOCALHOST:4100',
    'http://localhost:80',
    'https://localhost:443',
    'http://localhost:99999',
    'https://*.example.org',
    'https://a..b',
    'https://a..',
    'https://a;b',
    'file://localhost',
    'ftp://localhost',
    'ws://localhost',
    'wss://localhost',
  ])('nginx/start.sh agrees with policy/origins.ts on whether %s can be listed', (origin) => {
    const isRefused = problemOfOrigin(origin) !== undefined;
    const { status, said } = testOrigins(`https://app.example.org,${origin}`);
    expect([origin, status === 0, said.includes(`"${origin}"`)]).toEqual([origin, !isRefused, isRefused]);
  });
});

/**
 * The body of the first location with a regular expression that matches the
 * path, as nginx chooses it; '' if none.
 */
function locationOf(path: string, name: string): string {
  const locations = file(name).matchAll(/^location ~ (\S+) \{\n(.*?)\n\}/gms);
  return [...locations].find(([, pattern = '']) => new RegExp(pattern).test(path))?.[2] ?? '';
}

function preflightHeader(name: string): string | undefined {
  const [, block = ''] =
    /location = \/-\/preflight\/granted \{(.*?)\n\}/s.exec(file('api-server.conf')) ?? [];
  return new RegExp(`add_header ${name} "?([^";]*)"?;`).exec(block)?.[1];
}

/** The entries of `map … $name { … }`, without their quotes. */
function mapOf(name: string): Record<string, string> {
  const [, block] = new RegExp(`map [^{]* \\$${name} \\{\\n(.*?)\\n\\}`, 's').exec(maps) ?? [];
  if (block === undefined) throw new Error(`nginx/maps.conf.template has no map for $${name}`);
  const entries = [...block.matchAll(/^ {2}(?:"([^"]*)"|(\S+)) (?:"([^"]*)"|([^";\s]+));$/gm)];
  return Object.fromEntries(
    entries.map(([, quotedKey, key, quoted, value]) => [quotedKey ?? key, quoted ?? value ?? '']),
  );
}

function entryOf(map: string, status: string): string {
  return mapOf(map)[status] ?? mapOf(map).default ?? '';
}

/** The body that nginx makes of a template with its variables. */
function problemOf(template: string, variables: Record<string, string>): Problem {
  const values: Record<string, string> = { id_of_request: 'an-id-of-a-request', ...variables };
  return Problem.parse(
    JSON.parse(template.replace(/\$(\w+)/g, (_, name: string) => values[name] ?? `$${name}`)),
  );
}
