import { answeredEnds, possibleEnds } from './ends.ts';
import type { Observed, Performed } from './order.ts';
import type { Rules, State } from './state.ts';
import { Violation } from './violation.ts';

/** A group of operations that ran at the same time, and what became of them. */
export type Group = {
  readonly performed: readonly Performed[];
  /** Those whose answers the network lost. */
  readonly unheard: ReadonlySet<Performed['operation']>;
  readonly before: State;
  readonly observed: Observed;
  /** The clock of the processes, in milliseconds. */
  readonly now: number;
  /** A monotonic clock, in milliseconds, when the first began. */
  readonly beganAt: number;
};

type Deps = { readonly rules: Rules; readonly stalenessMs: number; readonly thief: string };

/**
 * The promises of the protocol, checked by what clients see and what the database holds, without the rules of the
 * model. Each check throws a Violation.
 */
export function createPromises({ rules, stalenessMs, thief }: Deps) {
  /** Why a client may find its session over. */
  const excuses = new Map<string, string>();
  /** When it was answered that a session has ended, and by which process. */
  const closed = new Map<string, { readonly at: number; readonly process: number }>();
  /** Who was given a generation of a session's refresh token. */
  const holders = new Map<string, string>();
  const unheardRefreshes = new Set<string>();
  const expired = new Set<string>();

  return {
    check(group: Group): void {
      collectExcuses(group);
      for (const each of group.performed) {
        keepsHonestClientsSignedIn(each, group);
        keepsEndedSessionsShut(each, group);
        givesOneSuccessor(each);
      }
      recordsEveryChange(group);
      collectEnds(group);
    },

    /** After a restore sessions may be over, or live again, that were not. */
    forget(sessions: Iterable<string>): void {
      for (const id of sessions) excuses.set(id, 'a backup was restored');
      closed.clear();
      holders.clear();
    },
  };

  /** An honest client is never signed out, except by a lost answer to a change of password. */
  function keepsHonestClientsSignedIn({ operation, outcome }: Performed, { before, now }: Group): void {
    if (operation.by === thief || (operation.do !== 'refresh' && operation.do !== 'call')) return;
    if (outcome.is !== 'refused' || !signedOutCodes.has(outcome.code)) return;
    const id = operation.do === 'refresh' ? operation.session : operation.access.session;
    const row = before.sessions.get(id);
    const repeatsTooLate = unheardRefreshes.has(id) && row && now - row.rotatedAt > rules.graceMs;
    if (excuses.has(id) || expired.has(id) || repeatsTooLate) return;
    throw new Violation(`An honest client is signed out: ${operation.by} gets ${outcome.code}`);
  }

  /** An ended session opens nothing, at once where it was ended, and after the bound elsewhere. */
  function keepsEndedSessionsShut({ operation, outcome }: Performed, { beganAt }: Group): void {
    if (outcome.is !== 'granted' || operation.do === 'sign out') return;
    const id =
      operation.do === 'refresh' ? operation.session : 'access' in operation ? operation.access.session : '';
    const end = closed.get(id);
    if (!end) return;
    const mayBeStale = operation.do === 'call' && end.process !== operation.process;
    if (mayBeStale && beganAt - end.at <= stalenessMs) return;
    throw new Violation(`An ended session opens something: ${operation.do} by ${operation.by}`);
  }

  /**
   * A generation has one successor, and only one of a thief and the owner is given it: the other's next refresh shows
   * that somebody else has the token.
   */
  function givesOneSuccessor({ operation, outcome }: Performed): void {
    if (operation.do !== 'refresh' || outcome.is !== 'granted') return;
    const { session, generation } = operation;
    const given = outcome.tokens;
    if (given?.access.session !== session || given.generation !== generation + 1) {
      throw new Violation(`Generation ${generation} has the successor ${given?.generation}`);
    }
    const party = operation.by === thief ? 'the thief' : 'the owner';
    const key = `${session} ${given.generation}`;
    const holder = holders.get(key) ?? party;
    if (holder !== party)
      throw new Violation(`A stolen token is not found out: ${holder} and ${party} go on with it`);
    holders.set(key, party);
  }

  /** No change is stored without its audit event. */
  function recordsEveryChange({ before, observed: { state, events } }: Group): void {
    const has = (name: string, session?: string) =>
      events.some((each) => each.event === name && (session === undefined || each.session === session));
    const missing: string[] = [];
    const need = (isThere: boolean, what: string) => void (isThere || missing.push(what));
    for (const [id, { endReason }] of state.sessions) {
      const earlier = before.sessions.get(id);
      if (!earlier) need(has('sign_in', id) || has('password_changed', id), 'a session begins');
      if (!endReason || earlier?.endReason) continue;
      const { event, isOfSession } = eventOfEnd[endReason] ?? { event: 'session_ended', isOfSession: false };
      need(has(event, isOfSession ? id : undefined), `a session ends: ${endReason}`);
    }
    for (const [name, { role }] of before.users) {
      const later = state.users.get(name);
      if (!later) need(has('user_deleted'), 'a user is deleted');
      else if (later.role !== role) need(has('role_changed') || has('user_deleted'), 'a role changes');
    }
    for (const name of state.users.keys())
      if (!before.users.has(name)) need(has('user_created'), 'a user is made');
    if (missing.length > 0) throw new Violation(`An audit event is missing: ${missing.join(', ')}`);
  }

  function collectExcuses(group: Group): void {
    const { performed, unheard, before, now } = group;
    for (const [id, { expiresAt }] of before.sessions) if (expiresAt <= now) expired.add(id);
    for (const [id, why] of possibleEnds(group, rules)) excuses.set(id, why);
    for (const { operation, outcome } of performed) {
      if (operation.do !== 'refresh') continue;
      if (operation.by === thief) excuses.set(operation.session, 'it was stolen');
      if (outcome.is === 'lost' || unheard.has(operation)) unheardRefreshes.add(operation.session);
    }
  }

  function collectEnds({ performed, before }: Group): void {
    for (const each of performed) {
      const end = { at: each.answeredAt, process: each.operation.process };
      for (const id of answeredEnds(each, before, expired)) closed.set(id, end);
    }
  }
}

/** The refusals at which a client forgets its session. */
const signedOutCodes = new Set(['session_ended', 'refresh_invalid', 'refresh_reused']);

/** The event of each reason, and whether it names the session. */
const eventOfEnd: Readonly<Record<string, { readonly event: string; readonly isOfSession: boolean }>> = {
  sign_out: { event: 'sign_out', isOfSession: true },
  refresh_reused: { event: 'refresh_reused', isOfSession: true },
  replaced_by_sign_in: { event: 'session_ended', isOfSession: true },
  too_many_sessions: { event: 'session_ended', isOfSession: true },
  password_changed: { event: 'password_changed', isOfSession: false },
};
