import type { Carrier } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { fold } from '../db/fold.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { Attempt, Limits } from '../limits/service.ts';
import type { UserRow, UserStore } from '../users/store.ts';
import type { NewSession, SessionRow, SessionStore } from './store.ts';

type SessionServiceDeps = {
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly refreshTokens: RefreshTokens;
  readonly limits: Limits;
  readonly record: RecordEvent;
  readonly graceSeconds: number;
  readonly now: () => number;
};

type Credentials = { readonly uid: string; readonly password: string };

/** A session with the tokens that carry it. */
export type Issued = { readonly user: UserRow; readonly token: string; readonly refreshToken: string };

export type SessionService = ReturnType<typeof createSessionService>;

/** The rules about sessions: how one begins, is renewed, and ends. The same for both carriers. */
export function createSessionService(deps: SessionServiceDeps) {
  const { sessions, users, passwords, tokens, refreshTokens, limits, record, graceSeconds, now } = deps;

  return {
    /** Throws `credentials_invalid` with `refusal` as its message, `too_many_requests`, `overloaded`. */
    async signIn(
      { uid, password }: Credentials,
      carrier: Carrier,
      refusal: string,
      from: RequestSource,
    ): Promise<Issued> {
      const known = await users.findCredentials(uid);
      const attempt = await begin({ id: known?.id, uid }, from);
      const session = await judge(attempt, async () => {
        const checked = await check(known, password);
        return known && checked !== undefined
          ? start({ user_id: known.id, carrier, password: checked, from }, attempt)
          : undefined;
      });
      if (!session) {
        await record('sign_in_failed', from, {
          user_id: known?.id ?? null,
          detail: { uid: uid.slice(0, 255), carrier },
        });
        throw new AppError('credentials_invalid', refusal, { quota: attempt.quota });
      }
      return issue(session);
    },

    /** Whether the password is the user's, within the same limits as a sign-in. */
    async checkPassword(
      user: { id: number; uid: string; password: string },
      password: string,
      from: RequestSource,
    ): Promise<boolean> {
      const attempt = await begin(user, from);
      return judge(attempt, async () => {
        const isRight = await passwords.verify(password, user.password, await users.listPasswordMethods());
        if (isRight) await limits.giveBack(attempt);
        return isRight;
      });
    },

    /**
     * Exchanges a refresh token for the next (RFC 9700, section 4.14.2).
     *
     * The current generation is exchanged; the one before it, for `graceSeconds`, gets the very same successor, since
     * two tabs or a lost answer make a client present it twice; anything older is a copy in other hands and ends the
     * session. Throws `refresh_invalid`, `session_ended`, `refresh_reused`.
     */
    async refresh(refreshToken: string | undefined, carrier: Carrier, from: RequestSource): Promise<Issued> {
      const presented = refreshToken === undefined ? undefined : refreshTokens.read(refreshToken);
      if (!presented) throw new AppError('refresh_invalid', 'The refresh token is not valid');
      const { session_id: id, generation } = presented;
      const rotated = await sessions.rotate({ id, carrier, generation });
      if (rotated) return issue(rotated);

      const session = await sessions.find(id);
      if (!session || session.carrier !== carrier)
        throw new AppError('refresh_invalid', 'The refresh token is not valid');
      if (session.ended_at !== null || Date.parse(session.expires_at) <= now())
        throw new AppError('session_ended', 'This session has ended');
      if (
        session.generation === generation + 1 &&
        now() - Date.parse(session.rotated_at) <= graceSeconds * 1000
      )
        return issue(session);
      if (await sessions.end(id, 'refresh_reused'))
        await record('refresh_reused', from, { user_id: session.user_id, session_id: id });
      throw new AppError('refresh_reused', 'This refresh token was used before; the session is ended');
    },

    /** Ends every session that the tokens name, whatever their age. What they do not name is no reason to fail. */
    async signOut(
      { tokens: given, refreshTokens: givenRefresh }: { tokens: string[]; refreshTokens: string[] },
      from: RequestSource,
    ): Promise<void> {
      const named = [
        ...given.map((token) => tokens.identify(token)),
        ...givenRefresh.map((token) => refreshTokens.read(token)?.session_id),
      ];
      for (const id of new Set(named)) {
        if (id === undefined || !(await sessions.end(id, 'sign_out'))) continue;
        const session = await sessions.find(id);
        await record('sign_out', from, { user_id: session?.user_id ?? null, session_id: id });
      }
    },

    /** Throws `not_found` for one that is over or somebody else's. */
    async end(id: string, user_id: number, from: RequestSource): Promise<void> {
      if (!(await sessions.end(id, 'ended_by_user', user_id)))
        throw new AppError('not_found', 'There is no such session');
      await record('session_ended', from, { user_id, session_id: id, detail: { by: user_id } });
    },

    async endAll(user_id: number, by: number, from: RequestSource): Promise<void> {
      const count = await sessions.endAll(user_id, by === user_id ? 'ended_by_user' : 'ended_by_admin');
      await record('session_ended', from, { user_id, detail: { by, count } });
    },
  };

  async function begin(
    { id, uid }: { id: number | undefined; uid: string },
    { ip }: RequestSource,
  ): Promise<Attempt> {
    const isKnownAddress = id !== undefined && (await sessions.isKnownAddress(id, ip));
    // Folded, so that every spelling of a user id draws on one budget.
    return limits.beginSignIn({ uid: fold(uid), ip, isKnownAddress });
  }

  /** What judges an attempt. Where it comes to no judgement (the hashes are overloaded, the database is away) the attempt was none. */
  async function judge<Judgement>(attempt: Attempt, work: () => Promise<Judgement>): Promise<Judgement> {
    try {
      return await work();
    } catch (error) {
      // If that fails as well, it is still the first failure that tells why.
      await limits.giveBack(attempt).catch(() => undefined);
      throw error;
    }
  }

  /** The stored password, replaced if it was outdated, or undefined where the given one is wrong. */
  async function check(
    user: { id: number; password: string } | undefined,
    password: string,
  ): Promise<string | undefined> {
    const isRight = await passwords.verify(password, user?.password, await users.listPasswordMethods());
    if (!user || !isRight) return undefined;
    if (!passwords.isOutdated(user.password)) return user.password;
    const renewed = await passwords.hash(password);
    if (await users.replacePassword(user.id, user.password, renewed)) return renewed;
    // Two first sign-ins at once: the other has renewed it, so the question is asked again of what is there now.
    const current = await users.findCredentialsById(user.id);
    return current && (await passwords.verify(password, current.password, [])) ? current.password : undefined;
  }

  /** The session, its line in the audit log and the attempt that was none: one transaction, and so one write to the disk. */
  function start(session: NewSession, attempt: Attempt): Promise<SessionRow | undefined> {
    const { carrier, from } = session;
    return sessions.create(session, async (trx, { user_id, id }) => {
      await record('sign_in', from, { user_id, session_id: id, detail: { carrier } }, trx);
      await limits.giveBack(attempt, trx);
    });
  }

  async function issue(session: SessionRow): Promise<Issued> {
    const user = await users.find(session.user_id);
    if (!user) throw new AppError('session_ended', 'This session has ended');
    return {
      user,
      token: tokens.sign({ user_id: user.id, uid: user.uid, session_id: session.id }),
      refreshToken: refreshTokens.make(session.id, session.generation),
    };
  }
}
