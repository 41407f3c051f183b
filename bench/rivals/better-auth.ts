import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { bearer } from 'better-auth/plugins';
import express from 'express';
import { openSqlite } from './open-sqlite.ts';
import { serve } from './serve.ts';

/**
 * The same endpoint with better-auth and its SQLite adapter. It reads the session from the database at every
 * request, which is its default. `better-auth.ts DATABASE` creates one user and prints the token.
 */
const [, , filename = ':memory:'] = process.argv;
const database = openSqlite(filename);
const options = {
  database,
  secret: 'a secret of this measurement alone, 48 bytes or so',
  baseURL: 'http://127.0.0.1',
  emailAndPassword: { enabled: true },
  plugins: [bearer()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
const made = await auth.api.signUpEmail({
  body: { email: 'toby@example.org', name: 'toby', password: '123toby-and-more' },
});

const app = express();
app.all('/api/auth/{*any}', toNodeHandler(auth));
app.get('/protected', async (request, response) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  if (!session) return void response.status(401).json({});
  response.json({ id: session.user.id, username: session.user.name });
});
await serve(app, made.token);
