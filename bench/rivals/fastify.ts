import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import Fastify from 'fastify';
import { collectDefaultMetrics, Histogram } from 'prom-client';
import { openSqlite } from './open-sqlite.ts';
import { announce } from './serve.ts';

/**
 * The duties of Signet's GET /protected by Fastify and its own plugins: a log line, security headers, CORS, cookies,
 * metrics, the token, and the live session with its user by a prepared statement of better-sqlite3.
 */
const [, , filename = ':memory:'] = process.argv;
const database = openSqlite(filename);
database.exec(`
  CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
  CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id INTEGER NOT NULL, expires_at TEXT NOT NULL);
  INSERT INTO users VALUES (1, 'toby');
`);
const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
database.prepare("INSERT INTO sessions VALUES ('the-session', 1, ?)").run(expiresAt);
const findLive = database.prepare<[string, string], { id: number; username: string }>(
  `SELECT users.id, users.username FROM sessions JOIN users ON users.id = sessions.user_id
   WHERE sessions.id = ? AND sessions.expires_at > ?`,
);

collectDefaultMetrics();
const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from a request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
});

const app = Fastify({ logger: true });
await app.register(helmet);
await app.register(cors, {
  origin: ['https://app.example.org', 'https://www.example.org'],
  credentials: true,
});
await app.register(cookie);
await app.register(jwt, {
  secret: 'a secret of this measurement alone, 48 bytes or so',
  cookie: { cookieName: 'jwt', signed: false },
});
app.addHook('onResponse', async (request, reply) => {
  const labels = {
    method: request.method,
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
  };
  durations.observe(labels, reply.elapsedTime / 1000);
});
const answer = {
  type: 'object',
  properties: { id: { type: 'integer' }, username: { type: 'string' } },
} as const;
app.get('/protected', { schema: { response: { 200: answer, '4xx': {} } } }, async (request, reply) => {
  const { sid } = await request.jwtVerify<{ sid: string }>();
  const user = findLive.get(sid, new Date().toISOString());
  if (!user) return reply.code(401).send({ error: 'session_ended' });
  return reply.header('Cache-Control', 'no-store').send(user);
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server.address(), app.jwt.sign({ sid: 'the-session' }, { sub: '1', expiresIn: '1h' }));
