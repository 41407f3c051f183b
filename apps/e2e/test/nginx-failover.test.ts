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

/** A replica that only notes what it is sent, so that it can go and come back at a moment of the test's choosing. */
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

test.each([1, 2, 3])(
  'of %i replicas that go one right after the other, each when the one before is back, none is missed',
  async (count) => {
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
  },
);

test('a reload, as for a replica that was added, takes no request with it but what an nginx before 1.27.4 cuts off unanswered', async () => {
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
          `${nginx.apiUrl.replace('localhost', '127.0.0.1')}/api/users`,
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
  // One cut off for each caller and reload is the most that closing its connection can do.
  expect(failures.length).toBeLessThanOrEqual(80);
  expect(statuses).toEqual(new Set([200]));
  expect(answered).toBeGreaterThan(100);
});

test('an address that nobody has any more is passed over, and no request fails for it', async () => {
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
  // Most were spared the attempt. The log has the addresses that a request met.
  const attempts = nginx
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"api":"127.0.0.1:${gone}`));
  expect(attempts.length).toBeGreaterThan(0);
  expect(attempts.length).toBeLessThan(20);
});

test('a request whose answer was lost is repeated only if it may be', async () => {
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

test('every method arrives as what it is, with nothing of the way that it took', async () => {
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
          'x-request-id': 'an-id-of-mine',
          host: new URL(nginx.apiUrl).host,
        },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('x-signet-method');
  }
  // The log names the replica, and not the server in between.
  await expect.poll(() => nginx.logged().split(`"api":"127.0.0.1:${port}"`).length - 1).toBe(methods.length);
});

/** From 1.27.4 on nginx can leave connections open through a reload; before, a caller may lose a request to it. */
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

/** A port whose queue is full and whose process sleeps: the system drops what comes, as if the packets went nowhere. */
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
