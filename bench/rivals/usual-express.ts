import { createSecretKey } from 'node:crypto';
import cookieParser from 'cookie-parser';
import cors from 'cors';
import express from 'express';
import helmet from 'helmet';
import jwt from 'jsonwebtoken';
import { pinoHttp } from 'pino-http';
import { collectDefaultMetrics, Histogram } from 'prom-client';
import { serve } from './serve.ts';
import { createSessionsByKnex } from './sessions-by-knex.ts';

/**
 * The duties of Signet's GET /protected by the usual packages of Express: a log line, security headers, CORS, cookies,
 * a body parser, metrics, the token, and the live session with its user from the database.
 */
const secret = createSecretKey(Buffer.from('a secret of this measurement alone, 48 bytes or so'));
const [, , filename = ':memory:'] = process.argv;
const findLive = await createSessionsByKnex(filename);

collectDefaultMetrics();
const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from a request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
});

const app = express();
app.use(pinoHttp());
app.use((request, response, next) => {
  const stop = durations.startTimer();
  response.once('finish', () => {
    stop({ method: request.method, route: request.route?.path, status: response.statusCode });
  });
  next();
});
app.use(helmet());
app.use(cors({ origin: ['https://app.example.org', 'https://www.example.org'], credentials: true }));
app.use(cookieParser());
app.use(express.json());
app.get('/protected', async (request, response) => {
  const [, token = request.cookies.jwt] = (request.headers.authorization ?? '').split(' ');
  const claims = jwt.verify(token, secret, { algorithms: ['HS256'] }) as jwt.JwtPayload;
  const user = await findLive(claims.sid, Number(claims.sub));
  if (!user) return void response.status(401).json({ error: 'session_ended' });
  response.set('Cache-Control', 'no-store').json({ id: user.id, username: user.username });
});
await serve(app, jwt.sign({ sid: 'the-session' }, secret, { subject: '1', expiresIn: '1h' }));
