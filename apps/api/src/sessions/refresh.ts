import type { Carrier } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import type { PresentedRefresh, RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { type Quota, refusal } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import { addressOf, type Limits } from '../limits/service.ts';
import type { UserStore } from '../users/store.ts';
import type { Authority } from './authority-store.ts';
import type { SessionEnds } from './end-store.ts';
import type { Issued, IssueTokens } from './issue-tokens.ts';
import type { SessionLifetimes } from './lifetime-store.ts';
import type { SessionRow } from './row.ts';
import type { SessionStore } from './store.ts';

type RefreshDeps = {
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly lifetimes: Pick<SessionLifetimes, 'rotate'>;
  readonly ends: Pick<SessionEnds, 'end'>;
  readonly authority: Pick<Authority, 'run'>;
  readonly users: Pick<UserStore, 'findCredentialsById'>;
  readonly tokens: Pick<Tokens, 'identify'>;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
  readonly limits: Pick<Limits, 'take' | 'takeRefresh' | 'takeRepeat'>;
  readonly issueTokens: IssueTokens;
  readonly record: RecordEvent;
  /** Whether users whose passwords are published may have sessions. */
  readonly allowDemoUsers: boolean;
  readonly graceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** What a request brings to be refreshed: one token in the body, or every cookie of either name. */
type Presented = {
  readonly carrier: Carrier;
  readonly refreshTokens: readonly string[];
  /** Access tokens in cookies, expired or not. */
  readonly tokens: readonly string[];
};

export type Refresh = ReturnType<typeof createRefresh>;

/** How a session is renewed. The same for both carriers. */
export function createRefresh(deps: RefreshDeps) {
  const {
    sessions,
    lifetimes,
    ends,
    authority,
    users,
    tokens,
    refreshTokens,
    limits,
    issueTokens,
    record,
    allowDemoUsers,
    graceSeconds,
    now,
  } = deps;

  /**
   * Exchanges a refresh token for the next (RFC 9700, section 4.14.2).
   *
   * The current generation is exchanged. The previous one gets the very same successor for `graceSeconds`,
   * because two tabs or a lost answer make a client present it twice; but only by the address or the user
   * agent that made the exchange, because a thief could follow every exchange in this way. Anything older is
   * a stolen copy and ends the session. Throws `refresh_invalid`, `cookies_ambiguous`, `session_ended`,
   * `refresh_elsewhere`, `refresh_reused`, `too_many_requests`.
   */
  return async function refresh(
    presented: Presented,
    from: RequestSource,
  ): Promise<Issued & { quota: Quota }> {
    const { carrier } = presented;
    const { session_id: id, generation } = await choose(presented, from);
    const quota = await limits.takeRefresh(id);
    const rotated = await lifetimes.rotate({ id, carrier, generation, from });
    if (rotated) return { ...(await issue(rotated)), quota };

    const session = await sessions.find(id);
    if (!session) throw refusal('refresh-session');
    if (session.carrier !== carrier) throw refusal('refresh-carrier');
    if (session.ended_at !== null || Date.parse(session.expires_at) <= now()) throw refusal('refresh-ended');
    // We made the token, so a generation that the row has not reached yet means that the database was
    // restored from a backup. Nobody has stolen anything.
    if (generation >= session.generation) throw refusal('refresh-ahead');
    if (isRepeat(session, generation)) {
      const isGranted = isRotator(session, from);
      await recordRepeat(session, isGranted, from);
      if (!isGranted) throw refusal('refresh-elsewhere');
      return { ...(await issue(session)), quota };
    }
    await endStolen(session, from);
    throw refusal('refresh-reused');
  };

  /**
   * The one refresh token that counts. Its MAC is checked before anything is counted, and what fails is
   * counted by itself: nobody can use up the refreshes of others at the same address.
   */
  async function choose(presented: Presented, { ip }: RequestSource): Promise<PresentedRefresh> {
    if (presented.tokens.length > 1) throw refusal('two-refresh-cookies');
    if (presented.refreshTokens.length === 0) throw refusal('no-refresh-token');
    const authentic = presented.refreshTokens.flatMap((token) => refreshTokens.read(token) ?? []);
    if (authentic.length === 0) {
      const quota = await limits.take('refresh-invalid', ip);
      throw refusal('refresh-mac', { quota });
    }
    // A sibling domain can set a refresh cookie of its own session, and the browser would be signed in as
    // somebody else (RFC 6265bis, section 8.6).
    const [token] = presented.tokens;
    const owner = token === undefined ? undefined : tokens.identify(token);
    const own = authentic.filter(({ session_id }) => owner === undefined || session_id === owner);
    const [first, ...others] = own.toSorted((a, b) => b.generation - a.generation);
    if (!first) throw refusal('refresh-owner');
    if (others.some(({ session_id }) => session_id !== first.session_id))
      throw refusal('two-refresh-cookies');
    return first;
  }

  function isRepeat(session: SessionRow, generation: number): boolean {
    const age = now() - Date.parse(session.rotated_at);
    return session.generation === generation + 1 && age <= graceSeconds * 1000;
  }

  async function recordRepeat(
    { id, user_id }: SessionRow,
    isGranted: boolean,
    from: RequestSource,
  ): Promise<void> {
    if (!(await limits.takeRepeat(id, isGranted))) return;
    const about = { user_id, session_id: id, detail: { granted: isGranted, user_agent: from.user_agent } };
    await authority.run((trx) => record(trx, 'refresh_repeated', from, about));
  }

  /** Ends the session even where that cannot be recorded, because the refusal stands either way. */
  async function endStolen({ id, user_id }: SessionRow, from: RequestSource): Promise<void> {
    const about = { user_id, session_id: id, detail: { user_agent: from.user_agent } };
    try {
      await authority.run(async (trx) => {
        if (await ends.end(trx, id, 'refresh_reused')) await record(trx, 'refresh_reused', from, about);
      });
    } catch {
      await authority.run((trx) => ends.end(trx, id, 'refresh_reused'));
    }
  }

  async function issue(session: SessionRow): Promise<Issued> {
    const found = await users.findCredentialsById(session.user_id);
    if (!found || (found.isDemo && !allowDemoUsers)) throw refusal('refresh-ended');
    return issueTokens(found.user, session);
  }
}

/** A phone that changes networks keeps its user agent; a browser that updates itself keeps its address. */
function isRotator(
  { rotated_ip, rotated_user_agent }: SessionRow,
  { ip, user_agent }: RequestSource,
): boolean {
  const isSameAgent = user_agent !== null && user_agent === rotated_user_agent;
  return isSameAgent || addressOf(ip) === addressOf(rotated_ip);
}
