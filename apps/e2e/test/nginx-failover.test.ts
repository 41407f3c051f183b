import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@signet/rig';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { ask, type Nginx, startNginx } from './start-nginx.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const running = new Set<Server>();

afterEach(() => {
  for (const server of running) stop(server);
});

type Seen = { readonly port: number } & Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** A replica that only records its requests, so that the test decides when it stops and starts. */
async function start(port: number, seen: Seen[], { hangsUp = false } = {}): Promise<Server> {
  const server = createServer(({ method, url, headers, socket }, response) => {
    seen.push({ port, method, url, headers });
    if (hangsUp) socket.destroy();
    else response.end('{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  running.add(server);
  return server;
}

function stop(server: Server): void {
  running.delete(server);
  server.close();
  server.closeAllConnections();
}

async function startInFrontOf(ports: readonly number[]): Promise<Nginx> {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const nginx = await startNginx({
    webPort,
    apiPort,
    apiServers: ports.map((port) => `127.0.0.1:${port}`).join(' '),
  });
  onTestFinished(nginx.stop);
  return nginx;
}

test.each([1, 2, 3])('No request fails while %i replicas restart one after the other', async (count) => {
  const ports = await freePorts(count);
  const seen: Seen[] = [];
  const servers = await Promise.all(ports.map((port) => start(port, seen)));
  const nginx = await startInFrontOf(ports);
  const askAll = async () => {
    for (const method of [...methods, ...methods]) {
      seen.length = 0;
      expect([method, (await ask(nginx.apiUrl, method, '/api/users/1')).status]).toEqual([method, 200]);
      expect(seen.map((each) => each.method)).toEqual([method]);
    }
  };
  for (let round = 0; round < 3; round += 1) {
    for (const [index, port] of ports.entries()) {
      const server = servers[index];
      if (server) stop(server);
      if (count > 1) await askAll();
      servers[index] = await start(port, seen);
      await askAll();
    }
  }
});

test('A reload of nginx fails no request, except those that an nginx before 1.27.4 cuts off unanswered', async () => {
  const [port = 0] = await freePorts(1);
  await start(port, []);
  const nginx = await startInFrontOf([port]);
  const failures: string[] = [];
  const statuses = new Set<number | undefined>();
  let answered = 0;
  let isOver = false;
  const callers = Array.from({ length: 8 }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isOver) {
      await new Promise<void>((resolve) => {
        const sent = request(
          `${nginx.apiUrl.replace('localhost', '127.0.0.1')}/api/players`,
          { method: 'POST', agent },
          (response) => {
            answered += 1;
            statuses.add(response.statusCode);
            response.resume().on('end', resolve);
          },
        );
        sent.on('error', ({ message }) => {
          failures.push(message);
          resolve();
        });
        sent.end();
      });
    }
    agent.destroy();
  });
  for (let reload = 0; reload < 10; reload += 1) {
    if (nginx.pid) process.kill(nginx.pid, 'SIGHUP');
    await delay(300);
  }
  isOver = true;
  await Promise.all(callers);
  const allowed = keepsBusyConnections() ? /^$/ : /^(socket hang up|read ECONNRESET|write EPIPE)$/;
  expect(failures.filter((failure) => !allowed.test(failure))).toEqual([]);
  // Closing a connection can cut off one request for each caller and each reload, and no more.
  expect(failures.length).toBeLessThanOrEqual(80);
  expect(statuses).toEqual(new Set([200]));
  expect(answered).toBeGreaterThan(100);
});

test('nginx skips an address at which nothing answers any more, and no request fails', async () => {
  const [port = 0] = await freePorts(1);
  const gone = await listenWithoutAnswering();
  const seen: Seen[] = [];
  await start(port, seen);
  const nginx = await startInFrontOf([gone, port]);
  for (let round = 0; round < 20; round += 1) {
    for (const method of methods)
      expect([method, (await ask(nginx.apiUrl, method, '/')).status]).toEqual([method, 200]);
  }
  expect(seen).toHaveLength(100);
  // nginx did not try that address for most requests: its log names the addresses that each request tried.
  const attempts = nginx
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"api":"127.0.0.1:${gone}`));
  expect(attempts.length).toBeGreaterThan(0);
  expect(attempts.length).toBeLessThan(20);
});

test('nginx repeats a request whose answer was lost only if its method is safe to repeat', async () => {
  const [nobody = 0, hangsUp = 0, answers = 0] = await freePorts(3);
  const seen: Seen[] = [];
  await start(hangsUp, seen, { hangsUp: true });
  await start(answers, seen);
  const nginx = await startInFrontOf([nobody, hangsUp, answers]);
  for (const method of methods) {
    for (let round = 0; round < 6; round += 1) {
      seen.length = 0;
      const { status } = await ask(nginx.apiUrl, method, '/api/users/1');
      if (method === 'GET') expect(status).toBe(200);
      else
        expect([status, seen.map(({ port }) => port)]).toEqual(
          status === 200 ? [200, [answers]] : [502, [hangsUp]],
        );
    }
  }
});

test('Every method reaches the API unchanged, without a header of the internal route', async () => {
  const seen: Seen[] = [];
  const [port = 0] = await freePorts(1);
  await start(port, seen);
  const nginx = await startInFrontOf([port]);
  const forged = { 'x-signet-method': 'GET', 'x-forwarded-for': '6.6.6.6', 'x-request-id': 'an-id-of-mine' };
  for (const method of methods) {
    seen.length = 0;
    const answer = await ask(nginx.apiUrl, method, '/api/a%2Fb/%2e%2e/c?d=%2F', {
      headers: forged,
      body: '{"a":1}',
    });
    expect(answer.headers).not.toHaveProperty('x-signet-replica');
    expect(seen).toMatchObject([
      {
        method,
        url: '/api/a%2Fb/%2e%2e/c?d=%2F',
        headers: {
          'content-length': '7',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'http',
          'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
          host: new URL(nginx.apiUrl).host,
        },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('x-signet-method');
  }
  // The log names the replica, and not the internal server in between.
  await expect.poll(() => nginx.logged().split(`"api":"127.0.0.1:${port}"`).length - 1).toBe(methods.length);
});

/**
 * Whether nginx keeps connections open through a reload (since 1.27.4). Older versions can lose a request.
 */
function keepsBusyConnections(): boolean {
  const { stderr } = spawnSync('nginx', ['-v'], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    encoding: 'utf8',
  });
  const [major = 0, minor = 0, patch = 0] = (/nginx\/([\d.]+)/.exec(stderr)?.[1] ?? '')
    .split('.')
    .map(Number);
  return major > 1 || minor > 27 || (minor === 27 && patch >= 4);
}

/**
 * A port whose process sleeps and whose queue is full: the system drops new
 * connections, like an unreachable host.
 */
async function listenWithoutAnswering(): Promise<number> {
  const program = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
    process.stdout.write(String(server.address().port), () => process.kill(process.pid, 'SIGSTOP')))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const port = Number(
    await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk)))),
  );
  for (let taken = 0; taken < 4; taken += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
  }
  return port;
}
