import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@signet/contracts';
import { freePorts, startPostgres } from '@signet/rig';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoad } from './load.ts';
import { type Api, startApi } from './start-api.ts';
import { ask, type Nginx, startNginx } from './start-nginx.ts';

/** Three replicas of the built API on one PostgreSQL, behind the real nginx. */
const secret = randomBytes(48).toString('base64url');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let origin: string;
let ports: number[];
let replicas: Api[];
let nginx: Nginx;
let tokens: string[];

const startReplica = (port: number) =>
  startApi({
    env: {
      PORT: String(port),
      DATABASE_URL: postgres.url,
      SECRET_KEY: secret,
      WEB_ORIGINS: origin,
      TRUST_PROXY: '1',
    },
  });

beforeAll(async () => {
  postgres = await startPostgres();
  const [webPort = 0, apiPort = 0, ...rest] = await freePorts(5);
  ports = rest;
  origin = `http://localhost:${webPort}`;
  replicas = await Promise.all(ports.map(startReplica));
  const apiServers = ports.map((port) => `127.0.0.1:${port}`).join(' ');
  nginx = await startNginx({ webPort, apiPort, apiServers, env: { WEB_ORIGINS: origin } });
  const signIn = async ([username, password]: readonly string[]) => {
    const { status, text } = await ask(nginx.apiUrl, 'POST', '/token', {
      body: JSON.stringify({ username, password }),
    });
    if (status !== 200) throw new Error(`sign-in as ${username}: ${status}`);
    return String(JSON.parse(text).token);
  };
  const users = [
    ['niko', '123niko'],
    ['toby', '123toby'],
    ['lex', '123qwerty'],
    ['hop', '123hop'],
  ];
  tokens = await Promise.all(users.map(signIn));
});

afterAll(async () => {
  await nginx?.stop();
  for (const each of replicas ?? []) await each.stop();
  await postgres?.stop();
});

test('A rolling restart fails no request of any method, and each replica exits with 0', async () => {
  const load = startLoad({ url: nginx.apiUrl, tokens, callers: 8 });
  await delay(500);
  for (const [index, port] of ports.entries()) {
    const old = replicas[index];
    old?.kill('SIGTERM');
    expect(await old?.exit).toEqual({ code: 0, signal: null });
    replicas[index] = await startReplica(port);
    // The next replica stops at once, while nginx still skips this one.
    expect((await ask(replicas[index].url, 'GET', '/readyz')).status).toBe(200);
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(load.counts.answered).toBeGreaterThan(100);
});

test('A killed replica loses the requests that it was serving, and no later request fails', async () => {
  const callers = 8;
  const load = startLoad({ url: nginx.apiUrl, tokens, callers });
  await delay(1000);
  replicas[0]?.kill('SIGKILL');
  await replicas[0]?.exit;
  const goneAt = Date.now();
  await delay(4000);
  await load.stop();
  // At most one request for each caller failed, with a method that must not
  // be repeated, and sent before the kill.
  expect(load.failures.length).toBeLessThanOrEqual(callers);
  for (const { method, beganAt, what } of load.failures) {
    expect(method).not.toBe('GET');
    expect(beganAt, what).toBeLessThanOrEqual(goneAt);
  }
  replicas[0] = await startReplica(ports[0] ?? 0);

  // Every acknowledged post is stored, whichever replica served it.
  for (const id of [...load.made].slice(-50)) {
    const { status } = await ask(nginx.apiUrl, 'GET', `/api/posts/${id}`, {
      headers: { authorization: `Bearer ${tokens[0]}` },
    });
    expect([id, status]).toEqual([id, 200]);
  }
});

test('Without a database every answer is a problem that the page can read, and all works again when it is back', async () => {
  await postgres.interrupt();
  const answer = await ask(nginx.apiUrl, 'GET', '/protected', {
    headers: { origin, authorization: `Bearer ${tokens[0]}` },
  });
  expect(answer.status).toBe(503);
  expect(answer.count('access-control-allow-origin')).toBe(1);
  expect(answer.count('vary')).toBe(1);
  expect(Problem.parse(JSON.parse(answer.text)).code).toBe('not_ready');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  await postgres.resume();
  const again = () =>
    ask(nginx.apiUrl, 'GET', '/protected', { headers: { authorization: `Bearer ${tokens[0]}` } });
  await expect.poll(async () => (await again()).status).toBe(200);
});
