import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { freePorts, startPostgres } from '@signet/rig';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { type Answer, ask, type Nginx, startNginx } from './start-nginx.ts';

/**
 * Three replicas on PostgreSQL behind nginx, and callers who all have the same address, as in an office: one of them
 * is hostile, and the others must notice nothing of it.
 */
let postgres: Awaited<ReturnType<typeof startPostgres>>;
const logo = readFileSync(new URL('../../api/assets/ncs_logo.png', import.meta.url));
let replicas: Api[];
let nginx: Nginx;

beforeAll(async () => {
  postgres = await startPostgres();
  const [webPort = 0, apiPort = 0, ...ports] = await freePorts(5);
  const env = {
    DATABASE_URL: postgres.url,
    SECRET_KEY: randomBytes(48).toString('base64url'),
    WEB_ORIGINS: `http://localhost:${webPort}`,
    TRUST_PROXY: '1',
  };
  replicas = await Promise.all(ports.map((port) => startApi({ env: { ...env, PORT: String(port) } })));
  const apiServers = ports.map((port) => `127.0.0.1:${port}`).join(' ');
  nginx = await startNginx({ webPort, apiPort, apiServers, env: { WEB_ORIGINS: env.WEB_ORIGINS } });
});

afterAll(async () => {
  await nginx?.stop();
  for (const each of replicas ?? []) await each.stop();
  await postgres?.stop();
});

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  ask(nginx.apiUrl, 'POST', path, { headers, body: JSON.stringify(body) });

async function signIn(username: string, password: string) {
  const { status, text } = await post('/token', { username, password });
  if (status !== 200) throw new Error(`sign-in as ${username}: ${status} ${text}`);
  const { token, refresh_token } = JSON.parse(text) as { token: string; refresh_token: string };
  return { authorization: `Bearer ${token}`, refresh_token };
}

/** The cookies of an answer, as a browser sends them back. */
function cookiesOf({ headers }: Answer): string {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Sends many requests, a few at a time. Returns how many had each status. */
async function flood(count: number, send: () => Promise<Answer>): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const { status } = await send();
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 30 }, one));
  return statuses;
}

test('Three thousand forged refreshes by a neighbour use up nothing of what a good refresh needs', async () => {
  const { refresh_token } = await signIn('niko', '123niko');
  const statuses = await flood(3100, () => post('/api/sessions/refresh', { refresh_token: 'x' }));
  expect(statuses[401]).toBeGreaterThan(1000);
  expect((await post('/api/sessions/refresh', { refresh_token })).status).toBe(200);
});

test('A neighbour who guesses at a password locks its owner out of no device on which they have signed in', async () => {
  const hop = { uid: 'hop', password: '123hop' };
  const known = cookiesOf(await post('/api/users/authenticate', hop));
  for (let guess = 1; guess <= 12; guess += 1)
    await post('/api/users/authenticate', { uid: 'hop', password: `guess number ${guess}` });
  expect((await post('/api/users/authenticate', hop)).status).toBe(429);
  expect((await post('/api/users/authenticate', hop, { cookie: known })).status).toBe(200);
});

/** A post with an image of which all but the last bytes have been sent. */
function beginUpload(authorization: string, image: Buffer): { sent: ClientRequest; end: () => void } {
  const part = (name: string, more = '') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const head = Buffer.from(`${part('note')}held\r\n${part('image', '; filename="a.png"')}`);
  const tail = Buffer.from('\r\n--b--\r\n');
  const { hostname, port } = new URL(nginx.apiUrl);
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/api/posts',
    agent: false,
    headers: {
      host: `${hostname}:${port}`,
      authorization,
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': head.length + image.length + tail.length,
    },
  });
  sent.on('error', () => {});
  sent.write(head);
  sent.write(image);
  return { sent, end: () => void sent.end(tail) };
}

test('An upload that an admin holds back changes nothing once their session has ended', async () => {
  const toby = await signIn('toby', '123toby');
  const body = { name: 'Eve Held', uid: 'eveheld', password: 'a long way round', role: 'admin' };
  const eve = JSON.parse((await post('/api/users', body, { authorization: toby.authorization })).text);
  const { authorization } = await signIn('eveheld', body.password);
  const { sent, end } = beginUpload(authorization, randomBytes(200_000));
  await delay(500);
  const ended = await ask(nginx.apiUrl, 'DELETE', `/api/users/${eve.id}/sessions`, {
    headers: { authorization: toby.authorization },
  });
  expect(ended.status).toBe(204);
  const answered = once(sent, 'response');
  end();
  const [answer] = await answered;
  expect([answer.statusCode, JSON.parse(await text(answer)).code]).toEqual([401, 'session_ended']);
});

test('Uploads that a neighbour never finishes keep nobody else from posting an image', async () => {
  const { authorization } = await signIn('niko', '123niko');
  const held = Array.from({ length: 60 }, () => beginUpload(authorization, randomBytes(4_000_000)).sent);
  onTestFinished(() => {
    for (const each of held) each.destroy();
  });
  await delay(3000);
  const lex = await signIn('lex', '123qwerty');
  const { sent, end } = beginUpload(lex.authorization, logo);
  const answered = once(sent, 'response');
  end();
  const [answer] = await answered;
  expect([answer.statusCode, await text(answer)]).toEqual([201, expect.any(String)]);
});

/** A PNG of one pixel, with as much data as the API takes. */
function largeImage(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', randomBytes(5_200_000)),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

/** The files of answers that nginx's workers have open. nginx deletes their names at once. */
function storedAnswers(): string[] {
  const workers = readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8').trim().split(' ');
  return workers.flatMap((worker) =>
    readdirSync(`/proc/${worker}/fd`)
      .map((descriptor) => readLink(`/proc/${worker}/fd/${descriptor}`))
      .filter((target) => target.includes('/temp/proxy/')),
  );
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It was closed meanwhile.
    return '';
  }
}

test('nginx stores no answer that its reader does not take, and others read on', async () => {
  const { authorization } = await signIn('niko', '123niko');
  const { sent, end } = beginUpload(authorization, largeImage());
  const answered = once(sent, 'response');
  end();
  const [made] = await answered;
  const { id } = JSON.parse(await text(made)) as { id: number };
  const statuses: number[] = [];
  const sockets = Array.from({ length: 100 }, () => {
    const socket = connect(Number(new URL(nginx.apiUrl).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `GET /api/posts/${id}/image HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    socket.once('data', (chunk) => {
      statuses.push(Number(String(chunk.subarray(0, 12)).slice(9)));
      socket.pause();
    });
    return socket;
  });
  onTestFinished(() => {
    for (const each of sockets) each.destroy();
  });
  const stored = new Set<string>();
  while (statuses.length < sockets.length) {
    for (const file of storedAnswers()) stored.add(file);
    await delay(20);
  }
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(10);
  expect([...stored]).toEqual([]);
  const lex = await signIn('lex', '123qwerty');
  const read = await ask(nginx.apiUrl, 'GET', `/api/posts/${id}/image`, { headers: lex });
  expect(read.status).toBe(200);
});

test('A new forged device cookie for each guess takes a caller past no limit of nginx', async () => {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  // Without an API: what nginx lets pass is 502.
  const alone = await startNginx({
    webPort,
    apiPort,
    apiServers: '127.0.0.1:9',
    env: { SIGN_INS_PER_SECOND: '1' },
  });
  onTestFinished(alone.stop);
  const guess = () => {
    const device = `1.${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
    const headers = { cookie: `signet_device=${device}` };
    return ask(alone.apiUrl, 'POST', '/token', { headers, body: '{"username":"lex","password":"a guess"}' });
  };
  const statuses = await flood(600, guess);
  expect(Object.keys(statuses)).toEqual(['429', '502']);
  const page = await ask(alone.apiUrl, 'GET', '/protected', { headers: { cookie: 'signet_device=x' } });
  expect(page.status).toBe(502);
});

// The last test, because nginx refuses further sign-ins from this address for a few seconds.
test("A neighbour's flood of sign-ins is refused by nginx, and a device that is known signs in meanwhile", async () => {
  const lex = { uid: 'lex', password: '123qwerty' };
  const known = cookiesOf(await post('/api/users/authenticate', lex));
  const ended = new AbortController();
  let refused = 0;
  const floods = Array.from({ length: 20 }, async () => {
    while (!ended.signal.aborted)
      if ((await post('/token', { username: 'nobody', password: 'not the password' })).status === 429)
        refused += 1;
  });
  await expect.poll(() => refused).toBeGreaterThan(100);
  const answers = [];
  for (let attempt = 1; attempt <= 5; attempt += 1)
    answers.push((await post('/api/users/authenticate', lex, { cookie: known })).status);
  ended.abort();
  await Promise.all(floods);
  expect(answers).toEqual([200, 200, 200, 200, 200]);
});
