import express, { type Request } from 'express';
import jwt from 'jsonwebtoken';
import knex from 'knex';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { serve } from './serve.ts';

/**
 * The same endpoint as it is usually built: passport-jwt for the token, knex and sqlite3 for the user and the
 * live session. `passport.ts DATABASE` creates one user with one session and prints the token.
 */
const secret = 'a secret of this measurement alone, 48 bytes or so';
const [, , filename = ':memory:'] = process.argv;
const db = knex({ client: 'sqlite3', connection: { filename }, useNullAsDefault: true });
await db.raw('PRAGMA journal_mode = WAL');
await db.schema.createTable('users', (table) => {
  table.increments('id');
  table.string('username').notNullable();
});
await db.schema.createTable('sessions', (table) => {
  table.string('id').primary();
  table.integer('user_id').notNullable();
  table.timestamp('expires_at').notNullable();
});
await db('users').insert({ id: 1, username: 'toby' });
await db('sessions').insert({
  id: 'the-session',
  user_id: 1,
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
});

type Claims = { readonly sub: string; readonly sid: string };

passport.use(
  new Strategy(
    { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: secret, algorithms: ['HS256'] },
    async ({ sub, sid }: Claims, done) => {
      try {
        const session = await db('sessions')
          .where({ id: sid })
          .where('expires_at', '>', new Date().toISOString())
          .first();
        const user =
          session &&
          (await db('users')
            .where({ id: Number(sub) })
            .first());
        done(null, user ?? false);
      } catch (error) {
        done(error, false);
      }
    },
  ),
);

const app = express();
app.use(passport.initialize());
app.get('/protected', passport.authenticate('jwt', { session: false }), (request: Request, response) => {
  const { id, username } = request.user as { id: number; username: string };
  response.json({ id, username });
});
const token = jwt.sign({ sid: 'the-session' }, secret, { subject: '1', expiresIn: '1h' });
await serve(app, token);
