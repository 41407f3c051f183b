import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePorts, runApi, waitForOutput } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

const credentials = JSON.stringify({ username: 'toby', password: '123toby' });

/**
 * A sign-in whose body has not been sent yet. Its head has reached the API, because the API answered 100
 * Continue.
 */
async function beginSignIn(port: number): Promise<ClientRequest> {
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/token',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(credentials),
      expect: '100-continue',
    },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  return sent;
}

async function endSignIn(begun: ClientRequest) {
  const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
  begun.end(credentials);
  const [answer] = await answered;
  return { status: answer.statusCode, text: await text(answer) };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'On %s the API answers requests in progress, refuses new connections, and exits with 0',
  async (signal) => {
    const api = await startApi();
    onTestFinished(api.stop);
    // Requests in progress have nine seconds. The first sign-in is slow, because it starts the hash threads
    // and replaces a slow hash; the second one does neither.
    expect((await endSignIn(await beginSignIn(api.port))).status).toBe(200);
    const signIn = await beginSignIn(api.port);
    api.kill(signal);
    await waitForOutput(api, /finishing the requests in progress/);
    await expect(fetch(`http://127.0.0.1:${api.port}/healthz`)).rejects.toThrow('fetch failed');

    const answer = await endSignIn(signIn);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ token_type: 'Bearer', user_id: 1 });
    expect(await api.exit).toEqual({ code: 0, signal: null });
  },
);

test('On SIGTERM the API exits with 0 while it still waits for its database', async () => {
  const [port = 0] = await freePorts(1);
  const env = {
    DATABASE_URL: `postgres://signet@127.0.0.1:${port}/signet`,
    SECRET_KEY: 'kXq3vN8pLw2sTz7yRb5mHc9dFg4jKa6e',
  };
  const api = runApi(env);
  await waitForOutput(api, /does not answer yet/);
  api.kill('SIGTERM');
  expect(await api.exit).toEqual({ code: 0, signal: null });
});

test('After a restart on the same data folder a token is still valid, and the demo data exists once', async () => {
  const DATA_DIR = temporaryFolder();
  const first = await startApi({ env: { DATA_DIR } });
  const signedIn = await fetch(`${first.url}/token`, {
    method: 'POST',
    body: credentials,
    headers: { 'content-type': 'application/json' },
  });
  const { token } = (await signedIn.json()) as { token: string };
  await first.stop();
  expect(statSync(join(DATA_DIR, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(DATA_DIR)).toContain('signet.db');

  const second = await startApi({ env: { DATA_DIR } });
  onTestFinished(second.stop);
  const authorization = `Bearer ${token}`;
  const identity = await fetch(`${second.url}/protected`, { headers: { authorization } });
  expect(await identity.json()).toEqual({ id: 1, username: 'toby' });
  const users = await fetch(`${second.url}/api/users`, { headers: { authorization } });
  expect(((await users.json()) as { uid: string }[]).map(({ uid }) => uid)).toEqual([
    'toby',
    'niko',
    'lex',
    'hop',
  ]);
});

test('The API refuses an invalid configuration before it opens anything, and names every fault with its fix', async () => {
  const DATA_DIR = join(temporaryFolder(), 'not-yet');
  const api = runApi({
    DATA_DIR,
    PORT: '70000',
    WEB_ORIGINS: 'http://localhost:4100/,*',
    SECRET_KEY: 'changeme-changeme-changeme-changeme',
    ACCESS_TOKEN_SECONDS: '5',
    COOKIE_PROFILE: 'lax',
  });
  expect(await api.exit).toEqual({ code: 1, signal: null });
  const problems = api.errors().match(/^ {2}- .*$/gm) ?? [];
  expect(problems).toHaveLength(6);
  for (const name of [
    'PORT=70000',
    'WEB_ORIGINS has "http://localhost:4100/"',
    'WEB_ORIGINS has "*"',
    'SECRET_KEY',
    'ACCESS_TOKEN_SECONDS=5',
    'COOKIE_PROFILE=lax',
  ]) {
    expect(api.errors()).toContain(name);
  }
  expect(api.errors()).toContain('Write http://localhost:4100.');
  expect(api.errors()).not.toContain('changeme');
  expect(api.output()).toBe('');
  expect(() => statSync(DATA_DIR)).toThrow('ENOENT');
});

test('When its port is in use the API names the port and the fix, and exits with 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const api = runApi({ DATA_DIR: temporaryFolder(), PORT: String(address.port) });
  expect(await api.exit).toEqual({ code: 1, signal: null });
  expect(api.errors().trim().split('\n')).toHaveLength(1);
  expect(api.errors()).toContain(String(address.port));
  expect(api.errors()).toContain('Another process has the port; stop it, or set PORT.');
});

// Not even root can create a folder there: the system answers EPERM or ENOENT.
test.each(['/sys/signet', '/proc/signet'])(
  'When its data folder %s is not writable the API names the folder and the fix, and exits with 1',
  async (folder) => {
    const api = runApi({ DATA_DIR: folder, PORT: '0' });
    expect(await api.exit).toEqual({ code: 1, signal: null });
    expect(api.errors().trim().split('\n')).toHaveLength(1);
    expect(api.errors()).toContain(`'${folder}'`);
    expect(api.errors()).toContain('set DATA_DIR');
  },
);

test('The API exits at once when it cannot open its SQLite file, because waiting would not help', async () => {
  const DATA_DIR = temporaryFolder();
  mkdirSync(join(DATA_DIR, 'signet.db'));
  const api = runApi({ DATA_DIR, PORT: '0' });
  expect(await api.exit).toEqual({ code: 1, signal: null });
  expect(api.errors()).toContain('signet.db is not a regular file. Move it away');
  expect(api.output()).not.toContain('does not answer yet');
});

test('The log of the API contains no password, token or signature', async () => {
  const api = await startApi({ env: { LOG_LEVEL: 'trace' } });
  onTestFinished(api.stop);
  const answer = await fetch(`${api.url}/token`, {
    method: 'POST',
    body: credentials,
    headers: { 'content-type': 'application/json' },
  });
  const { token, refresh_token } = (await answer.json()) as { token: string; refresh_token: string };
  await fetch(`${api.url}/protected`, { headers: { authorization: `Bearer ${token}` } });
  await waitForOutput(api, /GET \/protected 200/);
  for (const secret of ['123toby', token, refresh_token, token.split('.')[2] ?? ''])
    expect(api.output() + api.errors()).not.toContain(secret);
});
