import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, type Environment, readConfig } from '../../src/config.ts';

const secret = 'kXq3vN8pLw2sTz7yRb5mHc9dFg4jKa6e';
const files: Record<string, string> = {
  '/run/secret': `${secret}\n`,
  '/run/short': 'short',
  '/run/empty': '\n',
  '/run/weak-data/secret.key': 'a'.repeat(40),
};
const surroundings = {
  readFile: (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  },
  defaultDataDir: '/data',
};

const read = (env: Environment) => readConfig(env, surroundings);

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('without any variable', () => {
  test('there is an embedded database with demo data for the two loopback origins', () => {
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

test.each(['0.0.0.0', '::', '::1', 'localhost', 'api.internal'])('it may listen at %s', (HOST) => {
  expect(read({ HOST }).server.host).toBe(HOST);
});

test('the password of PostgreSQL may come from a file', () => {
  const readFile = () => 'p@ss/w:rd%\n';
  const env = {
    DATABASE_URL: 'postgres://signet@database:5432/signet',
    DATABASE_PASSWORD_FILE: '/run/password',
    SECRET_KEY: secret,
  };
  const { database } = readConfig(env, { ...surroundings, readFile });
  expect(database).toEqual({
    engine: 'postgres',
    url: 'postgres://signet:p%40ss%2Fw%3Ard%25@database:5432/signet',
  });
});

describe('is refused, with the reason and the fix', () => {
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
    [{ SECRET_KEY_FILE: '/run/empty' }, 'SECRET_KEY_FILE is empty.'],
    [
      { DATA_DIR: '/run/weak-data' },
      '/run/weak-data/secret.key repeats the same few characters. Remove it to have a new one made',
    ],
    [{ PREVIOUS_SECRET_KEYS: `${secret},short` }, 'PREVIOUS_SECRET_KEYS has 5 bytes'],
    [{ WEB_ORIGINS: '*' }, 'WEB_ORIGINS has "*"'],
    [
      { WEB_ORIGINS: 'https://*.example.org', COOKIE_PROFILE: 'cross-site' },
      'an origin is one host, and * stands for none',
    ],
    [{ WEB_ORIGINS: 'https://a..b', COOKIE_PROFILE: 'cross-site' }, 'no host can have that name'],
    [{ WEB_ORIGINS: 'https://a;b', COOKIE_PROFILE: 'cross-site' }, 'no host can have that name'],
    [{ WEB_ORIGINS: 'null' }, 'WEB_ORIGINS has "null"'],
    [{ WEB_ORIGINS: 'http://localhost:4100/app' }, 'Write http://localhost:4100.'],
    [{ WEB_ORIGINS: 'http://localhost:4100/' }, 'no trailing slash'],
    [{ WEB_ORIGINS: 'HTTP://LOCALHOST:4100' }, 'browsers spell it http://localhost:4100'],
    [{ WEB_ORIGINS: 'http://localhost:80' }, 'browsers spell it http://localhost.'],
    [{ WEB_ORIGINS: 'localhost:4100' }, 'it is no origin'],
    [{ WEB_ORIGINS: 'ftp://localhost' }, 'it is no origin'],
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
    [{ HOST: 'not a host!' }, 'HOST=not a host! is neither an address nor the name of a host.'],
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
    [{ JWT_ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: '/run/secret' }, '/run/secret is no key in PEM'],
    [{ JWT_PRIVATE_KEY_FILE: '/run/secret' }, 'JWT_ALGORITHM=HS256 has no use for it'],
    [{ DATABASE_URL: 'mysql://root:hunter2@db/x' }, 'DATABASE_URL must be'],
    [
      { DATABASE_URL: 'postgres://signet@db/signet' },
      'SECRET_KEY (or SECRET_KEY_FILE) is needed with PostgreSQL',
    ],
    [{ DEMO_DATA: 'yes' }, 'DEMO_DATA=yes is not known'],
    [{ SIGNUP: 'maybe' }, 'SIGNUP=maybe is not known'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud is not known'],
    [{ PASSWORD_HASH: 'md5' }, 'PASSWORD_HASH=md5 is not known'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY=true'],
  ])('%j', (env, message) => {
    expect(problemsOf(env as Environment).join('\n')).toContain(message);
  });

  test('all at once, where there is more than one problem', () => {
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

  test('in words that show no secret', () => {
    const problems = problemsOf({
      SECRET_KEY: 'hunter2hunter2',
      PREVIOUS_SECRET_KEYS: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('a key that its algorithm cannot use', () => {
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

describe('every variable that is read', () => {
  const asked = new Set<string>();
  read(new Proxy<Environment>({}, { get: (_, name) => void asked.add(String(name)) }));
  const readRoot = (name: string) => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');

  test('is in .env.example', () => {
    expect([...asked].filter((name) => !readRoot('.env.example').includes(`\n# ${name}=`))).toEqual([]);
  });

  test('reaches the containers, but for what those have of their own', () => {
    const own = ['HOST', 'PORT', 'DATA_DIR', 'SECRET_KEY'];
    const composed = ['docker-compose.yml', 'docker-compose.postgres.yml'].map(readRoot).join('');
    expect([...asked].filter((name) => !own.includes(name) && !composed.includes(`\n    ${name}:`))).toEqual(
      [],
    );
  });
});
