import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import type { Environment } from '../../src/config/read-variables.ts';

const secret = 'kXq3vN8pLw2sTz7yRb5mHc9dFg4jKa6e';
const otherSecret = 'Zp0oXi9uCy8tVr7eBw6qNm5lJk4hGf3d';
const postgres = { DATABASE_URL: 'postgres://signet@database:5432/signet', SECRET_KEY: secret };
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const files: Record<string, string | Buffer> = {
  '/run/secret': `${secret}\n`,
  '/run/short': 'short',
  '/run/empty': '\n',
  '/run/utf16': utf16(secret),
  '/run/utf16-be': utf16(secret).swap16(),
  '/run/utf16-unmarked': Buffer.from(secret, 'utf16le'),
  '/run/marked': `\ufeff${secret}\n`,
  '/run/quoted': `"${secret}"\n`,
  '/run/single-quoted': `'${secret}'\r\n`,
  '/run/31-bytes': Buffer.alloc(31, Buffer.from(secret)),
  '/run/latin1': Buffer.from('pässword', 'latin1'),
  '/run/previous-with-gap': `${secret}\n\n${otherSecret}\n`,
  '/run/previous-in-utf16': utf16(`${secret}\r\n${otherSecret}\r\n`),
  '/run/weak-data/secret.key': 'a'.repeat(40),
  '/run/marked-data/secret.key': `\ufeff${secret}`,
};
const surroundings = {
  readFile: (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Error('ENOENT');
    return Buffer.from(content as string);
  },
  defaultDataDir: '/data',
};

const read = (env: Environment) => readConfig(env, surroundings);
const readWith = (content: string | Buffer, env: Environment) =>
  readConfig(env, { ...surroundings, readFile: () => Buffer.from(content as string) });

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a configuration without any variable', () => {
  test('a configuration without any variable has an embedded database with demo data, for the two loopback origins', () => {
    expect(read({})).toMatchObject({
      server: { host: '127.0.0.1', port: 8086, trustProxy: 0 },
      database: { engine: 'sqlite', file: '/data/signet.db' },
      demoData: true,
      origins: ['http://localhost:4100', 'http://127.0.0.1:4100'],
      cookies: { profile: 'local', partitioned: false },
      tokens: { issuer: 'http://localhost:8086', audience: 'signet', lifetimeSeconds: 3600 },
      sessions: { idleSeconds: 604_800, maxSeconds: 2_592_000, graceSeconds: 10 },
      keys: { secret: { file: '/data/secret.key' }, algorithm: 'HS256' },
    });
  });
});

test.each(['0.0.0.0', '::', '::1', 'localhost', 'api.internal'])('the API may listen at %s', (HOST) => {
  expect(read({ HOST, PUBLISH_ADDRESS: '127.0.0.1' }).server.host).toBe(HOST);
});

const elsewhere = {
  WEB_ORIGINS: 'https://app.example.org',
  COOKIE_PROFILE: 'same-origin',
} as const;

describe("one's own machine", () => {
  const own = (env: Environment) => {
    const { demoData, metrics } = read({
      COOKIE_PROFILE: 'cross-site',
      ALLOWED_HOSTS: 'api.example.org',
      ...env,
    });
    return { demoData, metrics };
  };

  test.each<Environment>([
    {},
    { HOST: '::1' },
    { HOST: 'localhost' },
    { HOST: '127.8.9.1' },
    { HOST: '0.0.0.0', PUBLISH_ADDRESS: '127.0.0.1' },
    { HOST: '0.0.0.0', PUBLISH_ADDRESS: '::1' },
  ])(
    'one’s own machine is where only it reaches the API, so demo data and open metrics are the default: %j',
    (env) => {
      expect(own(env)).toEqual({ demoData: true, metrics: 'open' });
      expect(problemsOf({ ...env, COOKIE_PROFILE: 'local', DEMO_DATA: 'true' })).toEqual([]);
    },
  );

  test.each<Environment>([
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.168.1.7' },
    { HOST: 'api.internal' },
    { HOST: '127.0.0.1.example.org' },
    { HOST: '0.0.0.0', PUBLISH_ADDRESS: '0.0.0.0' },
    { HOST: '0.0.0.0', PUBLISH_ADDRESS: '192.168.1.7' },
    { PUBLISH_ADDRESS: '0.0.0.0' },
    { WEB_ORIGINS: 'https://app.example.org' },
    { WEB_ORIGINS: 'capacitor://localhost' },
  ])(
    'one’s own machine is not where others reach the API, so nothing that is safe only there is allowed: %j',
    (env) => {
      expect(own(env)).toEqual({ demoData: false, metrics: 'closed' });
      const problems = problemsOf({ ...env, COOKIE_PROFILE: 'local', DEMO_DATA: 'true' });
      expect(problems.map((problem) => problem.split(' ', 1)[0])).toEqual([
        'COOKIE_PROFILE=local',
        'DEMO_DATA=true',
      ]);
    },
  );
});

describe('metrics', () => {
  test('metrics are open where only a proxy publishes the API', () => {
    const env = { ...elsewhere, HOST: '0.0.0.0', PUBLISH_ADDRESS: '0.0.0.0', TRUST_PROXY: '1' };
    expect(read(env).metrics).toBe('open');
  });

  test('metrics need METRICS_TOKEN where others reach the API', () => {
    const METRICS_TOKEN = 'Wn7bT2xQ9kLr4vZs';
    expect(read({ ...elsewhere, METRICS_TOKEN }).metrics).toEqual({ token: METRICS_TOKEN });
    expect(read({ METRICS_TOKEN }).metrics).toBe('open');
  });
});

describe('the hosts of the API', () => {
  test('the hosts of the API are those of ALLOWED_HOSTS, the origins, the issuer and API_URL', () => {
    const env = {
      WEB_ORIGINS: 'https://app.example.org,https://other.example.org:8443',
      COOKIE_PROFILE: 'same-site',
      ALLOWED_HOSTS: 'API.example.org., signet.internal',
      JWT_ISSUER: 'https://issuer.example.org/signet',
      API_URL: 'https://url.example.org:8086',
    };
    expect([...read(env).hosts].sort()).toEqual([
      'API.example.org.',
      'app.example.org',
      'issuer.example.org',
      'other.example.org',
      'signet.internal',
      'url.example.org',
    ]);
  });

  test.each([
    { ALLOWED_HOSTS: 'api.example.org' },
    { JWT_ISSUER: 'https://api.example.org' },
    { API_URL: 'https://203.0.113.5:8086' },
    { API_URL: 'https://{hostname}:8086' },
    { API_URL: '/' },
  ])(
    'the hosts of the API include a public one if pages of a public origin call it from another host: %j',
    (env) => {
      const base = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-site' };
      expect(problemsOf({ ...base, ...env })).toEqual([]);
      expect(problemsOf(base).join()).toContain('ALLOWED_HOSTS has no public host of the API');
      expect(problemsOf({ ...base, COOKIE_PROFILE: 'cross-site' }).join()).toContain('has no public host');
    },
  );
});

describe('a secret from a file', () => {
  const fromFile = (content: string | Buffer) =>
    readWith(content, { SECRET_KEY_FILE: '/run/any' }).keys.secret;

  test.each([
    ['no end of line', secret, secret],
    ['one LF', `${secret}\n`, secret],
    ['one CRLF', `${secret}\r\n`, secret],
    ['two LF, of which one is the key’s', `${secret}\n\n`, `${secret}\n`],
    ['a lone CR', `${secret}\r`, `${secret}\r`],
    ['spaces around it', ` ${secret} \n`, ` ${secret} `],
  ])('a secret from a file is the file’s bytes without one end of line: %s', (_, content, key) => {
    expect(fromFile(content)).toEqual(Buffer.from(key));
  });

  test('a secret from a file may hold any bytes, and two that differ only in a byte from 0x80 on are different keys', () => {
    const key = (byte: number) => Buffer.concat([Buffer.from(secret), Buffer.from([byte, 0, 0x0a, 0x41])]);
    expect(fromFile(key(0x80))).toEqual(key(0x80));
    expect(fromFile(key(0x81))).toEqual(key(0x81));
  });

  test('a secret from a file is long enough at 32 bytes, however many characters those are', () => {
    const key = Buffer.from('äöüßéèêñçøåæðþłž');
    expect([[...key.toString()].length, key.length]).toEqual([16, 32]);
    expect(fromFile(key)).toEqual(key);
  });

  test('a secret from a file may be one of several previous keys, one a line, beside those of the comma list', () => {
    const env = {
      SECRET_KEY: 'Qw1eRt2yUi3oPa4sDf5gHj6kLz7xCv8b',
      PREVIOUS_SECRET_KEYS: 'Mn9bVc8xZl7kJh6gFd5sAp4oIu3yTr2e',
      PREVIOUS_SECRET_KEYS_FILE: '/run/any',
    };
    const { keys } = readWith(`${secret}\r\n${otherSecret},\n`, env);
    expect(keys.previousSecrets.map(String)).toEqual([env.PREVIOUS_SECRET_KEYS, secret, `${otherSecret},`]);
    expect(readWith('', env).keys.previousSecrets.map(String)).toEqual([env.PREVIOUS_SECRET_KEYS]);
  });
});

test.each([
  { WEB_ORIGINS: 'http://localhost:4100', COOKIE_PROFILE: 'same-site' },
  { WEB_ORIGINS: 'http://127.0.0.1:4100', COOKIE_PROFILE: 'same-origin' },
  { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-origin' },
  {
    WEB_ORIGINS: 'http://app.example.org',
    COOKIE_PROFILE: 'cross-site',
    JWT_ISSUER: 'https://api.example.org',
  },
])('the profile is accepted with its origins: %j', (env) => {
  expect(problemsOf(env)).toEqual([]);
});

test('PostgreSQL gets a pool of ten connections, or of as many as DATABASE_POOL_MAX says', () => {
  expect(read(postgres).database).toMatchObject({ engine: 'postgres', poolMax: 10 });
  expect(read({ ...postgres, DATABASE_POOL_MAX: '3' }).database).toMatchObject({ poolMax: 3 });
});

describe('the password of PostgreSQL from a file', () => {
  const urlWith = (content: string) => {
    const { database } = readWith(content, { ...postgres, DATABASE_PASSWORD_FILE: '/run/password' });
    return 'url' in database ? new URL(database.url) : undefined;
  };

  test('the password of PostgreSQL from a file is put into the URL', () => {
    expect(urlWith('p@ss/w:rd%\n')?.href).toBe('postgres://signet:p%40ss%2Fw%3Ard%25@database:5432/signet');
  });

  test.each(['word\n', 'word\r\n', 'word'])('loses one end of line: %j', (content) => {
    expect(urlWith(content)?.password).toBe('word');
  });

  test.each([' word ', '"word"', 'word\n\n'])('keeps everything else: %j', (content) => {
    const kept = content.replace(/\n$/, '');
    expect(decodeURIComponent(urlWith(content)?.password ?? '')).toBe(kept);
  });
});

describe('a wrong configuration', () => {
  test.each([
    [
      { SECRET_KEY: `${'x1!yZ'.repeat(6)}.` },
      'SECRET_KEY has 31 bytes and needs at least 32. Make a good one with: node -e',
    ],
    [{ SECRET_KEY: 'SECRET_KEY' }, 'SECRET_KEY is a well-known value.'],
    [{ SECRET_KEY: 'secret'.repeat(10) }, 'SECRET_KEY is a well-known value.'],
    [{ SECRET_KEY: 'changeme-changeme-changeme-changeme-changeme' }, 'SECRET_KEY is a well-known value.'],
    [{ SECRET_KEY: 'a'.repeat(40) }, 'SECRET_KEY repeats the same few characters.'],
    [{ SECRET_KEY_FILE: '/run/short' }, 'SECRET_KEY_FILE has 5 bytes'],
    [{ SECRET_KEY_FILE: '/run/nothing' }, 'SECRET_KEY_FILE: /run/nothing cannot be read.'],
    [
      { SECRET_KEY: secret, SECRET_KEY_FILE: '/run/secret' },
      'SECRET_KEY and SECRET_KEY_FILE are both given.',
    ],
    [
      { DATABASE_PASSWORD_FILE: '/run/secret' },
      'DATABASE_PASSWORD_FILE is for a DATABASE_URL that begins with postgres://.',
    ],
    [
      { DATABASE_URL: 'postgres://a:b@c/d', DATABASE_PASSWORD_FILE: '/run/secret' },
      'DATABASE_URL has a password, and',
    ],
    [
      { DATABASE_URL: 'postgres://a@c/d', DATABASE_PASSWORD_FILE: '/run/nothing' },
      'DATABASE_PASSWORD_FILE: /run/nothing cannot be read.',
    ],
    [
      { ...postgres, DATABASE_PASSWORD_FILE: '/run/empty' },
      'DATABASE_PASSWORD_FILE: /run/empty is empty. Write the password into it.',
    ],
    [
      { ...postgres, DATABASE_PASSWORD_FILE: '/run/latin1' },
      'DATABASE_PASSWORD_FILE: /run/latin1 is not text in UTF-8.',
    ],
    [
      { ...postgres, DATABASE_PASSWORD_FILE: '/run/marked' },
      'DATABASE_PASSWORD_FILE: /run/marked begins with a byte order mark.',
    ],
    [{ SECRET_KEY_FILE: '/run/empty' }, 'SECRET_KEY_FILE is empty.'],
    [{ SECRET_KEY_FILE: '/run/31-bytes' }, 'SECRET_KEY_FILE has 31 bytes'],
    [
      { SECRET_KEY_FILE: '/run/utf16' },
      'SECRET_KEY_FILE is in UTF-16, as PowerShell and Notepad write it. Save it',
    ],
    [{ SECRET_KEY_FILE: '/run/utf16-be' }, 'SECRET_KEY_FILE is in UTF-16'],
    [{ SECRET_KEY_FILE: '/run/utf16-unmarked' }, 'SECRET_KEY_FILE is in UTF-16'],
    [
      { SECRET_KEY_FILE: '/run/marked' },
      'SECRET_KEY_FILE begins with a byte order mark, which would be part',
    ],
    [
      { SECRET_KEY_FILE: '/run/quoted' },
      'SECRET_KEY_FILE is in quotes, which would be part of the key. Remove',
    ],
    [{ SECRET_KEY_FILE: '/run/single-quoted' }, 'SECRET_KEY_FILE is in quotes'],
    [{ SECRET_KEY: `"${secret}"` }, 'SECRET_KEY is in quotes'],
    [{ SECRET_KEY: `${secret} ` }, 'SECRET_KEY has spaces around a key. Remove them'],
    [
      { SECRET_KEY: `${secret}\ufffd` },
      'SECRET_KEY holds bytes that are not UTF-8. Write the key into a file',
    ],
    [{ DATA_DIR: '/run/marked-data' }, '/run/marked-data/secret.key begins with a byte order mark'],
    [{ PREVIOUS_SECRET_KEYS: `${secret}, ${otherSecret}` }, 'PREVIOUS_SECRET_KEYS has spaces around a key.'],
    [
      { PREVIOUS_SECRET_KEYS_FILE: '/run/previous-with-gap' },
      'PREVIOUS_SECRET_KEYS_FILE: line 2 is empty. Remove',
    ],
    [{ PREVIOUS_SECRET_KEYS_FILE: '/run/previous-in-utf16' }, 'PREVIOUS_SECRET_KEYS_FILE is in UTF-16'],
    [
      { PREVIOUS_SECRET_KEYS_FILE: '/run/nothing' },
      'PREVIOUS_SECRET_KEYS_FILE: /run/nothing cannot be read.',
    ],
    [
      { JWT_ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: '/run/utf16' },
      'JWT_PRIVATE_KEY_FILE: /run/utf16 is not text in UTF-8. Save it as UTF-8',
    ],
    [
      { JWT_PREVIOUS_PUBLIC_KEY_FILES: '/run/latin1' },
      'JWT_PREVIOUS_PUBLIC_KEY_FILES: /run/latin1 is not text in UTF-8.',
    ],
    [
      { DATA_DIR: '/run/weak-data' },
      '/run/weak-data/secret.key repeats the same few characters. Remove it to have a new one made',
    ],
    [{ PREVIOUS_SECRET_KEYS: `${secret},short` }, 'PREVIOUS_SECRET_KEYS has 5 bytes'],
    [
      { WEB_ORIGINS: 'http://app.example.org,https://app.example.org', COOKIE_PROFILE: 'same-site' },
      'COOKIE_PROFILE=same-site needs https origins, and WEB_ORIGINS has http://app.example.org. Its cookies are Secure',
    ],
    [
      { WEB_ORIGINS: 'http://192.168.1.7:4100', COOKIE_PROFILE: 'same-origin' },
      'COOKIE_PROFILE=same-origin needs https origins, and WEB_ORIGINS has http://192.168.1.7:4100.',
    ],
    [
      { DATABASE_POOL_MAX: '20' },
      'DATABASE_POOL_MAX is for PostgreSQL. Remove it, or set DATABASE_URL to one.',
    ],
    [{ ...postgres, DATABASE_POOL_MAX: '0' }, 'DATABASE_POOL_MAX=0 must be a whole number from 1 to 1000.'],
    [{ TRACE_SYSLOG_PORT: '70000' }, 'TRACE_SYSLOG_PORT=70000 must be a whole number from 0 to 65535.'],
    [{ TRACE_SYSLOG_PORT: '127.0.0.1:5140' }, 'TRACE_SYSLOG_PORT=127.0.0.1:5140 must be a whole number'],
    [{ WEB_ORIGINS: '*' }, 'WEB_ORIGINS has "*"'],
    [
      { WEB_ORIGINS: 'https://*.example.org', COOKIE_PROFILE: 'cross-site' },
      'an origin is one host, so * is not possible in it',
    ],
    [{ WEB_ORIGINS: 'https://a..b', COOKIE_PROFILE: 'cross-site' }, 'no host can have that name'],
    [{ WEB_ORIGINS: 'https://a;b', COOKIE_PROFILE: 'cross-site' }, 'no host can have that name'],
    [{ ALLOWED_HOSTS: 'a.example,' }, 'ALLOWED_HOSTS has ""'],
    [{ ALLOWED_HOSTS: '*.example.org' }, 'ALLOWED_HOSTS has "*.example.org": each name is one host'],
    [{ ALLOWED_HOSTS: 'api.example.org:8086' }, 'it must be a name alone'],
    [{ ALLOWED_HOSTS: 'https://api.example.org' }, 'it must be a name alone'],
    [{ ALLOWED_HOSTS: 'bücher.example' }, 'browsers send it as xn--bcher-kva.example. Write that.'],
    [{ ALLOWED_HOSTS: 'a b' }, 'no host can have that name'],
    [{ API_URL: 'api.example.org' }, 'API_URL=api.example.org must be an origin'],
    [{ API_URL: 'https://api.example.org/x' }, 'API_URL=https://api.example.org/x must be an origin'],
    [{ PUBLISH_ADDRESS: 'http://127.0.0.1' }, 'PUBLISH_ADDRESS=http://127.0.0.1 is neither'],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN has 5 characters'],
    [{ METRICS_TOKEN: 'with spaces and more of them' }, 'METRICS_TOKEN has characters'],
    [{ HOST: '0.0.0.0' }, 'COOKIE_PROFILE=local is for loopback only, and HOST=0.0.0.0 is reached by others'],
    [{ WEB_ORIGINS: 'null' }, 'WEB_ORIGINS has "null"'],
    [{ WEB_ORIGINS: 'http://localhost:4100/app' }, 'Write http://localhost:4100.'],
    [{ WEB_ORIGINS: 'http://localhost:4100/' }, 'no trailing slash'],
    [{ WEB_ORIGINS: 'HTTP://LOCALHOST:4100' }, 'browsers send it as http://localhost:4100. Write that.'],
    [{ WEB_ORIGINS: 'http://localhost:80' }, 'browsers send it as http://localhost. Write that.'],
    [{ WEB_ORIGINS: 'localhost:4100' }, 'it is not an origin. Write scheme://host'],
    [{ WEB_ORIGINS: 'ftp://localhost' }, 'it is not an origin. Write scheme://host'],
    [{ WEB_ORIGINS: 'http://localhost:4100,,' }, 'WEB_ORIGINS has ""'],
    [{ WEB_ORIGINS: 'https://app.example.org' }, 'COOKIE_PROFILE=local is for loopback only'],
    [
      { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'cross-site', DEMO_DATA: 'true' },
      'DEMO_DATA=true would put users with published passwords',
    ],
    [
      { WEB_ORIGINS: 'http://127.0.0.1.evil.example', COOKIE_PROFILE: 'local' },
      'COOKIE_PROFILE=local is for loopback only',
    ],
    [
      { COOKIE_PROFILE: 'lax' },
      'COOKIE_PROFILE=lax is not known. Set it to one of: local, same-origin, same-site, cross-site.',
    ],
    [
      { COOKIE_PARTITIONED: 'true' },
      'COOKIE_PARTITIONED=true has a meaning under COOKIE_PROFILE=cross-site only',
    ],
    [{ HOST: 'not a host!' }, 'HOST=not a host! is neither an IP address nor a host name.'],
    [{ HOST: '999.1.1.1' }, 'HOST=999.1.1.1 is neither'],
    [{ HOST: 'http://127.0.0.1' }, 'HOST=http://127.0.0.1 is neither'],
    [{ JWT_ISSUER: 'x'.repeat(256) }, 'JWT_ISSUER has 256 characters. It may have 255.'],
    [{ PORT: 'abc' }, 'PORT=abc must be a whole number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT=65536'],
    [{ PORT: '8086.5' }, 'PORT=8086.5'],
    [{ ACCESS_TOKEN_SECONDS: '59' }, 'ACCESS_TOKEN_SECONDS=59 must be a whole number from 60 to 3600.'],
    [{ ACCESS_TOKEN_SECONDS: '3601' }, 'ACCESS_TOKEN_SECONDS=3601'],
    [
      { SESSION_IDLE_SECONDS: '9000', SESSION_MAX_SECONDS: '8000' },
      'SESSION_IDLE_SECONDS is longer than SESSION_MAX_SECONDS',
    ],
    [{ JWT_ALGORITHM: 'none' }, 'JWT_ALGORITHM=none is not known'],
    [{ JWT_ALGORITHM: 'ES256' }, 'needs JWT_PRIVATE_KEY_FILE'],
    [{ JWT_ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: '/run/secret' }, '/run/secret is not a key in PEM'],
    [{ JWT_PRIVATE_KEY_FILE: '/run/secret' }, 'JWT_ALGORITHM=HS256 has no use for it'],
    [{ DATABASE_URL: 'mysql://root:hunter2@db/x' }, 'DATABASE_URL must be'],
    [
      { DATABASE_URL: 'postgres://signet@db/signet?sslmode=disabled' },
      'has sslmode=disabled, and only disable,',
    ],
    [
      { DATABASE_URL: 'postgres://signet@db/signet' },
      'SECRET_KEY (or SECRET_KEY_FILE) is needed with PostgreSQL',
    ],
    [{ DEMO_DATA: 'yes' }, 'DEMO_DATA=yes is not known'],
    [{ SIGNUP: 'maybe' }, 'SIGNUP=maybe is not known'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud is not known'],
    [{ PASSWORD_HASH: 'md5' }, 'PASSWORD_HASH=md5 is not known'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY=true'],
  ])('a wrong configuration is refused with its reason and its fix: %j', (env, message) => {
    expect(problemsOf(env as Environment).join('\n')).toContain(message);
  });

  test('a wrong configuration is refused with all its problems at once', () => {
    const problems = problemsOf({
      SECRET_KEY: 'SECRET_KEY',
      WEB_ORIGINS: '*,https://app.example.org/path,https://app.example.org',
      DEMO_DATA: 'true',
      PORT: 'abc',
      JWT_ALGORITHM: 'HS999',
    });
    expect(problems.map((problem) => problem.split(/[ =]/, 1)[0]).sort()).toEqual([
      'COOKIE_PROFILE',
      'DEMO_DATA',
      'JWT_ALGORITHM',
      'PORT',
      'SECRET_KEY',
      'WEB_ORIGINS',
      'WEB_ORIGINS',
    ]);
  });

  test('a wrong configuration is refused in words that show no secret', () => {
    const problems = problemsOf({
      SECRET_KEY: 'hunter2hunter2',
      PREVIOUS_SECRET_KEYS: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('a wrong configuration is refused if its algorithm cannot use the key', () => {
    const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
      key.export({ type: 'pkcs8', format: 'pem' }).toString();
    files['/run/rsa'] = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    files['/run/weak'] = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
    files['/run/p384'] = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey);
    const misfit = (JWT_ALGORITHM: string, JWT_PRIVATE_KEY_FILE: string) =>
      problemsOf({ JWT_ALGORITHM, JWT_PRIVATE_KEY_FILE });
    expect(misfit('RS256', '/run/rsa')).toEqual([]);
    expect(misfit('ES256', '/run/rsa').join()).toContain('holds a key that ES256 cannot use');
    expect(misfit('RS256', '/run/weak').join()).toContain('at least 2048 bits');
    expect(misfit('ES256', '/run/p384').join()).toContain('the curve P-256');
  });
});

describe('every variable that the API reads', () => {
  const asked = new Set<string>();
  read(new Proxy<Environment>({}, { get: (_, name) => void asked.add(String(name)) }));
  const readRoot = (name: string) => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');

  test('every variable that the API reads is in .env.example', () => {
    expect([...asked].filter((name) => !readRoot('.env.example').includes(`\n# ${name}=`))).toEqual([]);
  });

  test('every variable that the API reads is passed on to the containers, except those that they set themselves', () => {
    const own = ['HOST', 'PORT', 'DATA_DIR', 'SECRET_KEY'];
    const composed = ['docker-compose.yml', 'docker-compose.postgres.yml'].map(readRoot).join('');
    expect([...asked].filter((name) => !own.includes(name) && !composed.includes(`\n    ${name}:`))).toEqual(
      [],
    );
  });
});
