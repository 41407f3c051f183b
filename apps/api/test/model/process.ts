import { cookiePolicy } from '@signet/contracts';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { createCookies } from '../../src/auth/cookies.ts';
import type { Passwords } from '../../src/auth/passwords.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { connect, connectReader } from '../../src/db/connect.ts';
import { AppError } from '../../src/errors.ts';
import type { Principal } from '../../src/http/call.ts';
import { createServices } from '../../src/services.ts';
import type { Issued } from '../../src/sessions/issue-tokens.ts';
import type { Access, Operation, Outcome, Tokens } from './state.ts';
import { createStatements, type Death } from './statements.ts';
import type { Turns } from './turns.ts';

type ProcessDeps = {
  readonly name: string;
  readonly config: Config;
  readonly secret: Buffer;
  readonly passwords: Passwords;
  readonly turns: Turns;
  readonly clock: Clock;
  /** The id and uid of a user of the model. */
  readonly findUser: (name: string) => { readonly id: number; readonly uid: string };
};

export type Process = ReturnType<typeof startProcess>;

/** A process of the API as far as the database sees it: the real services over connections of their own. */
export function startProcess({ name, config, secret, passwords, turns, clock, findUser }: ProcessDeps) {
  const statements = createStatements(name, turns);
  const db = connect(config.database);
  statements.watch(db);
  const reader = connectReader(config.database, db);
  if (reader !== db) statements.watch(reader);
  const services = createServices({ config, secret, db, reader, passwords, clock });
  const cookies = createCookies({
    ...config.cookies,
    tokenSeconds: config.tokens.lifetimeSeconds,
    refreshSeconds: config.sessions.idleSeconds,
  });
  const { tokenName } = cookiePolicy[config.cookies.profile];
  const authenticate = createAuthenticate({
    tokens: services.tokens,
    cookies,
    findPrincipal: services.principals.find,
  });

  return {
    /**
     * Performs the operation as the handlers do. Throws what a caller would see as a failure of the server, which no
     * schedule may cause.
     */
    async perform(operation: Operation): Promise<Outcome> {
      try {
        const answer = await run(operation);
        return statements.isDead() ? { is: 'lost' } : { is: 'granted', ...answer };
      } catch (error) {
        if (statements.isDead()) return { is: 'lost' };
        if (!(error instanceof AppError) || failures.has(error.code)) throw error;
        return { is: 'refused', code: error.code };
      }
    },

    plan: (death: Death | undefined) => statements.plan(death),
    isDead: statements.isDead,
    backends: statements.backends,
    keys: services.keys,
    signToken: services.tokens.sign,

    async stop(): Promise<void> {
      if (reader !== db) await reader.destroy();
      await db.destroy();
    },
  };

  async function run(operation: Operation): Promise<Answer> {
    const { from } = operation;
    switch (operation.do) {
      case 'sign in': {
        const { uid } = findUser(operation.user);
        const { carrier, password, replaced } = operation;
        const refusal = 'Bad username or password';
        return issued(
          await services.signIn({ uid, password }, carrier, refusal, from, { replaced }),
          carrier,
        );
      }
      case 'refresh': {
        const { carrier, token } = operation;
        return issued(await services.refresh({ carrier, refreshTokens: [token], tokens: [] }, from), carrier);
      }
      case 'sign out':
        await services.sessionService.signOut({ tokens: [operation.access.token], refreshTokens: [] }, from);
        return {};
      case 'sign up': {
        const { uid } = findUser(operation.user);
        await services.userService.create({ uid, name: uid, password: operation.password }, undefined, from);
        return {};
      }
      default:
        return change(operation, await principalOf(operation.access));
    }
  }

  async function change(
    operation: Exclude<Operation, { do: 'sign in' | 'refresh' | 'sign out' | 'sign up' }>,
    caller: Principal,
  ): Promise<Answer> {
    const { sessionService, userService } = services;
    const { from } = operation;
    switch (operation.do) {
      case 'call':
        return { role: caller.role };
      case 'end session':
        await sessionService.end(operation.target, caller, from);
        return {};
      case 'end others':
        await sessionService.endOthers(caller, from);
        return {};
      case 'end all':
        await sessionService.endAll(caller.user_id, caller, from);
        return {};
      case 'end all of': {
        // What the table of endpoints says, and `mount` checks.
        if (caller.role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this');
        const user = await userService.read(findUser(operation.user).id);
        await sessionService.endAll(user.id, caller, from);
        return {};
      }
      case 'change password': {
        const { current, next } = operation;
        const passwords = { current_password: current, new_password: next };
        return issued(await services.changePassword(passwords, caller, from), caller.carrier);
      }
      case 'set password':
        await services.setPassword(findUser(operation.user).id, operation.next, caller, from);
        return {};
      case 'give role':
        await userService.update(findUser(operation.user).id, { role: operation.role }, caller, from);
        return {};
      case 'delete user':
        await userService.remove(findUser(operation.user).id, undefined, caller, from);
        return {};
    }
  }

  async function principalOf({ carrier, token }: Access): Promise<Principal> {
    if (carrier === 'bearer') {
      const authorization = `Bearer ${token}`;
      const rawHeaders = ['Authorization', authorization];
      return authenticate({ headers: { authorization }, rawHeaders, cookies: {} });
    }
    const headers = { cookie: `${tokenName}=${token}` };
    return authenticate({ headers, rawHeaders: [], cookies: { [tokenName]: token } });
  }
}

type Answer = Omit<Extract<Outcome, { is: 'granted' }>, 'is'>;

function issued({ token, refreshToken }: Issued, carrier: Access['carrier']): Answer {
  return { tokens: readTokens(token, refreshToken, carrier) };
}

/** What two tokens say. */
export function readTokens(token: string, refreshToken: string, carrier: Access['carrier']): Tokens {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const generation = Number(refreshToken.split('.')[1]);
  const { sid, iat, exp } = claims;
  return { access: { token, session: sid, carrier, iat, exp }, refreshToken, generation };
}

/** Answers by which the server says that it could not do its work. */
const failures = new Set(['internal', 'overloaded']);
