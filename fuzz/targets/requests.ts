import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createApp } from '../../apps/api/src/app.ts';
import { createPasswords } from '../../apps/api/src/auth/passwords.ts';
import { createRefreshTokens } from '../../apps/api/src/auth/refresh-tokens.ts';
import { createClock } from '../../apps/api/src/clock.ts';
import { readConfig } from '../../apps/api/src/config/config.ts';
import { connect as connectDatabase, connectReader } from '../../apps/api/src/db/connect.ts';
import { loadDemoData } from '../../apps/api/src/db/demo-data.ts';
import { migrate } from '../../apps/api/src/db/migrate.ts';
import { listen } from '../../apps/api/src/http/listen.ts';
import { createLog } from '../../apps/api/src/log.ts';
import { createMetrics } from '../../apps/api/src/metrics.ts';
import { createServices } from '../../apps/api/src/services.ts';
import { createTrace } from '../../apps/api/src/trace/trace.ts';
import { promise, type Target } from '../target.ts';

/** The sessions of an admin, one for each carrier. Each input may end them, so they are begun again. */
const sids = { bearer: 'B'.repeat(22), cookie: 'C'.repeat(22) };
const host = 'Host: localhost\r\n';
const auth = `${host}Authorization: Bearer {T}\r\n`;
const json = 'Content-Type: application/json\r\n';
const post = (path: string, body: string, headers = auth, method = 'POST') =>
  `${method} ${path} HTTP/1.1\r\n${headers}${json}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const api = await startApp();

/**
 * The whole API on a connection of its own for each input, with the bytes as they are. `{T}`, `{C}` and
 * `{R}` stand for the token of a header, of a cookie, and for the refresh cookie.
 */
export const target: Target = {
  seeds: [
    `GET /protected HTTP/1.1\r\n${auth}\r\n`,
    `GET /protected HTTP/1.1\r\n${host}Cookie: jwt={C}; jwt_refresh={R}\r\nOrigin: http://localhost:4100\r\n\r\n`,
    post('/api/posts', '{"note":"hello"}'),
    post('/api/users', '{"name":"An Na","uid":"anna","password":"one two three","role":"admin"}'),
    post('/api/users/2', '{"role":"user"}', auth, 'PATCH'),
    post('/token', '{"username":"toby","password":"right"}', host),
    post(
      '/api/sessions/refresh',
      '{}',
      `${host}Cookie: jwt_refresh={R}\r\nOrigin: http://localhost:4100\r\n`,
    ),
    `GET /api/users?q=ni&sort=name&limit=2 HTTP/1.1\r\n${auth}Accept: text/csv\r\n\r\n`,
    `GET /api/audit?event=sign_in HTTP/1.1\r\n${auth}Accept: text/csv;q=0.9, */*\r\n\r\n`,
    `GET /api/posts/1/image HTTP/1.1\r\n${auth}If-None-Match: "x", W/"y"\r\nRange: bytes=0-1\r\n\r\n`,
    `GET /api/exchanges?after=start HTTP/1.1\r\n${host}Last-Event-ID: a.1\r\n\r\n`,
    `OPTIONS /api/posts HTTP/1.1\r\n${host}Origin: http://localhost:4100\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
    `HEAD /docs HTTP/1.1\r\n${host}\r\nGET /openapi.json HTTP/1.0\r\n\r\n`,
    `POST /api/posts HTTP/1.1\r\n${auth}${json}Transfer-Encoding: chunked\r\n\r\n10\r\n{"note":"hello"}\r\n0\r\n\r\n`,
    `GET http://[::1/x HTTP/1.1\r\n${host}\r\n`,
    `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`,
    `GET /problems/not_found HTTP/1.1\r\n${host}X-Forwarded-For: 192.0.2.1\r\nExpect: 100-continue\r\n\r\n`,
  ],
  words: [
    '\r\n',
    'HTTP/1.1',
    '{T}',
    'Cookie: jwt=',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 0\r\n',
    'Upgrade: h2c\r\nConnection: Upgrade\r\n',
    'Expect: 100-continue\r\n',
    '/../',
    '%2e',
    '%00',
    '//',
    ';',
    'X-HTTP-Method-Override: DELETE\r\n',
    'Origin: null\r\n',
  ],
  async run(input) {
    await api.reset();
    const bytes = Buffer.from(api.fill(input.toString('latin1')), 'latin1');
    const received = await ask(bytes);
    for (const answer of answersIn(received)) judge(answer);
    const failure = api.failure();
    promise(failure === undefined, `no request is a 500: ${failure}`);
  },
};

async function startApp() {
  const folder = mkdtempSync(join(tmpdir(), 'signet-fuzz-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const secret = randomBytes(48);
  const config = readConfig(
    {
      PORT: '0',
      DATABASE_URL: `sqlite:${join(folder, 'signet.db')}`,
      SECRET_KEY: secret.toString('base64url'),
    },
    { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
  );
  const errors: string[] = [];
  const output = new Writable({ write: (chunk, _encoding, done) => done(void errors.push(String(chunk))) });
  const log = createLog({ level: 'error' }, output);
  const clock = createClock(Date.now);
  const db = connectDatabase(config.database);
  await migrate(db);
  await db.raw('pragma synchronous = off');
  await loadDemoData(db, clock);
  const reader = connectReader(config.database, db);
  // A real hash takes more than all the rest together.
  const passwords = {
    ...createPasswords(config.passwords),
    hash: async () => '!',
    match: async (password: string) => (password === 'right' ? ('normal' as const) : undefined),
    isOutdated: () => false,
  };
  const metrics = createMetrics({ passwords });
  if (!Buffer.isBuffer(config.keys.secret)) throw new Error('The target gives a secret');
  const services = createServices({
    config,
    secret: config.keys.secret,
    db,
    reader,
    passwords,
    metrics,
    clock,
  });
  const app = createApp({ config, services, log, metrics, trace: createTrace() });
  const server = await listen(app, config.server);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const refreshTokens = createRefreshTokens(services.keys.refreshKeys);
  const token = (session_id: string) => services.tokens.sign({ user_id: 1, uid: 'toby', session_id });

  return {
    port: address.port,
    /** What was logged as an error since the last question. A database that was away is no failure. */
    failure: () => errors.splice(0).find((line) => line.includes('"status":500')),
    fill: (text: string) =>
      text
        .replaceAll('{T}', token(sids.bearer))
        .replaceAll('{C}', token(sids.cookie))
        .replaceAll('{R}', refreshTokens.make(sids.cookie, 0)),
    async reset(): Promise<void> {
      await db('limits').delete();
      const user = await db('users').where({ id: 1, role: 'admin' }).first('id');
      if (!user) await loadDemoData(db, clock);
      await db('users').where({ id: 1 }).update({ role: 'admin' });
      for (const [carrier, id] of Object.entries(sids)) {
        const at = clock.timestamp();
        const times = { created_at: at, last_used_at: at, rotated_at: at, expires_at: clock.timestamp(3600) };
        const row = { id, user_id: 1, carrier, generation: 0, ...times, ended_at: null };
        await db('sessions').insert(row).onConflict('id').merge();
      }
    },
  };
}

/** Everything that the API sends until it closes, or until it has sent nothing for a while. */
function ask(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket: Socket = connect(api.port, '127.0.0.1').setEncoding('latin1');
    const timer = setTimeout(() => socket.destroy(), 1000);
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.end(bytes);
  });
}

type Answer = { readonly status: number; readonly head: string; readonly body: string };

/** The answers on a connection. One whose length is not stated goes to the end. */
function answersIn(received: string): Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const head = rest.slice(0, end);
    promise(
      /^HTTP\/1\.1 \d{3} /.test(head),
      `an answer begins with a status line: ${JSON.stringify(head.slice(0, 80))}`,
    );
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const body = rest.slice(end + 4);
    if (status === 100) rest = body;
    else if (/\r\ntransfer-encoding: chunked/i.test(head) || length === undefined) {
      // What follows cannot be told from its body without reading chunks; one answer is enough to judge.
      answers.push({ status, head, body: '' });
      break;
    } else {
      // Without a body where the next answer, or nothing, follows at once: the request was a HEAD.
      const isHead = body === '' || body.startsWith('HTTP/1.1 ');
      answers.push({ status, head, body: isHead ? '' : body.slice(0, Number(length)) });
      rest = isHead ? body : body.slice(Number(length));
    }
  }
  return answers;
}

function judge({ status, head, body }: Answer): void {
  const count = (name: string) =>
    head.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`)).length;
  promise(count('x-request-id') === 1, `an answer has one request id: ${head}`);
  promise(count('access-control-allow-origin') <= 1, 'an answer has one grant at most');
  promise(!/access-control-allow-origin: (\*|null)/i.test(head), 'no answer grants everybody');
  promise(count('x-content-type-options') === 1, `an answer is not sniffed: ${head}`);
  promise(!/pbkdf2:|\$argon2id|SQLITE|at \w+ \(/.test(body), 'nothing of the inside leaves');
  if (status < 400 || body === '') return;
  promise(/\r\ncontent-type: application\/problem\+json/i.test(head), `a refusal is a problem: ${head}`);
  const problem = JSON.parse(Buffer.from(body, 'latin1').toString());
  promise(
    problem.status === status && typeof problem.code === 'string',
    'a problem has its status and a code',
  );
}
