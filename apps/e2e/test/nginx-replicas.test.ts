import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@signet/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres } from '../../api/test/start-postgres.ts';
import { type Api, startApi } from './start-api.ts';
import { ask, freePorts, type Nginx, startNginx } from './start-nginx.ts';

/** Three replicas of the built API on one PostgreSQL, behind the real nginx. */
const secret = randomBytes(48).toString('base64url');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let origin: string;
let ports: number[];
let replicas: Api[];
let nginx: Nginx;
let token: string;

const startReplica = (port: number) =>
  startApi({ env: { PORT: String(port), DATABASE_URL: postgres.url, SECRET_KEY: secret, WEB_ORIGINS: origin, TRUST_PROXY: '1' } });

beforeAll(async () => {
  postgres = await startPostgres();
  const [webPort = 0, apiPort = 0, ...rest] = await freePorts(5);
  ports = rest;
  origin = `http://localhost:${webPort}`;
  replicas = await Promise.all(ports.map(startReplica));
  const apiServers = ports.map((port) => `127.0.0.1:${port}`).join(' ');
  nginx = await startNginx({ webPort, apiPort, apiServers, env: { WEB_ORIGINS: origin } });
  const { text } = await ask(nginx.apiUrl, 'POST', '/token', { body: JSON.stringify({ username: 'niko', password: '123niko' }) });
  token = JSON.parse(text).token;
});

afterAll(async () => {
  await nginx?.stop();
  for (const each of replicas ?? []) await each.stop();
  await postgres?.stop();
});

type Outcome = { readonly what: string; readonly method: string; readonly beganAt: number };

/** Readers and writers, each on a connection of its own that it keeps, until `stop`; then all answers that were not the expected ones. */
function startLoad(callers: number) {
  const failures: Outcome[] = [];
  const counts = { answered: 0 };
  const made = new Set<number>();
  let isOver = false;
  const loops = Array.from({ length: callers }, async (_, index) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = (method: string, path: string, status: number, body?: string) => send(agent, method, path, status, body);
    while (!isOver) {
      await call('GET', '/protected', 200);
      const id = await call('POST', '/api/posts', 201, JSON.stringify({ note: `Written under load by ${index}` }));
      if (id === undefined) continue;
      await call('PATCH', `/api/posts/${id}`, 200, JSON.stringify({ note: 'Changed under load' }));
      if (index % 2 === 0) await call('DELETE', `/api/posts/${id}`, 204);
      else made.add(id);
    }
    agent.destroy();
  });

  function send(agent: Agent, method: string, path: string, status: number, body?: string): Promise<number | undefined> {
    const beganAt = Date.now();
    return new Promise((resolve) => {
      const fail = (what: string) => {
        failures.push({ what, method, beganAt });
        resolve(undefined);
      };
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request(`${nginx.apiUrl.replace('localhost', '127.0.0.1')}${path}`, { method, agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', ({ message }) => fail(message));
        response.on('end', () => {
          counts.answered += 1;
          if (response.statusCode !== status) return fail(`${response.statusCode} ${text}`);
          resolve(text ? (JSON.parse(text) as { id: number }).id : 0);
        });
      });
      sent.on('error', ({ message }) => fail(message));
      sent.end(body);
    });
  }

  return {
    failures,
    counts,
    made,
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

test('a rolling restart fails no request, of whatever method, and each replica ends with 0', async () => {
  const load = startLoad(8);
  await delay(500);
  for (const [index, port] of ports.entries()) {
    const old = replicas[index];
    old?.process.kill('SIGTERM');
    expect(await old?.exit).toEqual({ code: 0, signal: null });
    replicas[index] = await startReplica(port);
    await delay(500);
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(load.counts.answered).toBeGreaterThan(100);
});

test('a replica that is killed takes with it what it was serving, and nothing after', async () => {
  const callers = 8;
  const load = startLoad(callers);
  await delay(1000);
  const killedAt = Date.now();
  replicas[0]?.process.kill('SIGKILL');
  await replicas[0]?.exit;
  await delay(4000);
  await load.stop();
  // At most one for each caller, of those that may not be repeated; all of them were on their way at that moment.
  expect(load.failures.length).toBeLessThanOrEqual(callers);
  for (const { method, beganAt, what } of load.failures) {
    expect(method).not.toBe('GET');
    expect(beganAt - killedAt, what).toBeLessThan(250);
  }
  replicas[0] = await startReplica(ports[0] ?? 0);

  // What was acknowledged is there, whichever replica took it.
  for (const id of [...load.made].slice(-50)) {
    const { status } = await ask(nginx.apiUrl, 'GET', `/api/posts/${id}`, { headers: { authorization: `Bearer ${token}` } });
    expect([id, status]).toEqual([id, 200]);
  }
});

test('with the database away every answer is a problem that the page may read, and then all is well again', async () => {
  await postgres.interrupt();
  const answer = await ask(nginx.apiUrl, 'GET', '/protected', { headers: { origin, authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(503);
  expect(answer.count('access-control-allow-origin')).toBe(1);
  expect(answer.count('vary')).toBe(1);
  expect(Problem.parse(JSON.parse(answer.text)).code).toBe('not_ready');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  await postgres.resume();
  const again = () => ask(nginx.apiUrl, 'GET', '/protected', { headers: { authorization: `Bearer ${token}` } });
  await expect.poll(async () => (await again()).status, { timeout: 10_000 }).toBe(200);
});
