import express, { type Request } from 'express';
import jwt from 'jsonwebtoken';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { serve } from './serve.ts';
import { createSessionsByKnex } from './sessions-by-knex.ts';

/**
 * The same endpoint as it is usually built: passport-jwt for the token, knex and sqlite3 for the user and the
 * live session. `passport.ts DATABASE` creates one user with one session and prints the token.
 */
const secret = 'a secret of this measurement alone, 48 bytes or so';
const [, , filename = ':memory:'] = process.argv;
const findLive = await createSessionsByKnex(filename);

type Claims = { readonly sub: string; readonly sid: string };

passport.use(
  new Strategy(
    { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: secret, algorithms: ['HS256'] },
    async ({ sub, sid }: Claims, done) => {
      try {
        const user = await findLive(sid, Number(sub));
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
