import { apply, type Effect } from './rules.ts';
import type { Event, Operation, Outcome, Rules, State } from './state.ts';

export type Performed = {
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** By a monotonic clock, in milliseconds. */
  readonly answeredAt: number;
};

/** What the database holds after a group of operations. */
export type Observed = { readonly state: State; readonly events: readonly Event[] };

type Context = {
  readonly rules: Rules;
  readonly now: number;
  readonly isHashOf: (hash: string, password: string) => boolean;
};

/**
 * The model's state after operations that ran at the same time, or undefined if no order of them explains their
 * outcomes, the rows and the audit events. An operation whose process died may or may not have happened.
 *
 * It compares what the model decides about, so a refusal explains any refusal with the same effects: which of two
 * reasons a request finds first may depend on the moment.
 */
export function explain(
  before: State,
  performed: readonly Performed[],
  observed: Observed,
  { rules, now, isHashOf }: Context,
): State | undefined {
  const beginnings = new Map(
    observed.events
      .filter(({ event }) => event === 'sign_in' || event === 'password_changed')
      .map(({ request, session }) => [request, session ?? '']),
  );
  const begun = (request: string) => beginnings.get(request) ?? `begun by ${request}`;
  const isStrict = performed.length === 1;
  const wanted = { state: textOf(observed.state), events: sorted(observed.events) };

  return search(before, performed, []);

  function search(state: State, left: readonly Performed[], events: readonly Event[]): State | undefined {
    const mustFollow = left.some(({ outcome }) => outcome.is !== 'lost');
    if (!mustFollow && isWanted(state, events)) return state;
    for (const next of left) {
      const effect = apply(state, next.operation, { rules, now, begun });
      if (!agrees(effect.outcome, next.outcome) && !isCutShort(next, effect)) continue;
      const rest = left.filter((each) => each !== next);
      const found = search(effect.state, rest, [...events, ...effect.events]);
      if (found) return found;
    }
    return undefined;
  }

  function isWanted(state: State, events: readonly Event[]): boolean {
    if (textOf(state) !== wanted.state || sorted(events) !== wanted.events) return false;
    return [...observed.state.users].every(([name, { password: hash }]) =>
      isHashOf(hash, state.users.get(name)?.password ?? ''),
    );
  }

  /**
   * A repeated refresh is recorded first, and then looks its user up. So it is refused, and the event stays, if the user
   * is deleted in between.
   */
  function isCutShort({ operation, outcome }: Performed, { events }: Effect): boolean {
    const isRepeat = operation.do === 'refresh' && events.some(({ event }) => event === 'refresh_repeated');
    const hasDeletion = performed.some((each) => each.operation.do === 'delete user');
    return isRepeat && hasDeletion && outcome.is === 'refused' && outcome.code === 'session_ended';
  }

  function agrees(expected: Outcome, actual: Outcome): boolean {
    if (actual.is === 'lost') return true;
    if (expected.is !== actual.is) return false;
    if (expected.is === 'granted' && actual.is === 'granted') return expected.role === actual.role;
    if (expected.is !== 'refused' || actual.is !== 'refused' || !isStrict) return true;
    return expected.code === actual.code || looseCodes.has(actual.code);
  }
}

/** Refusals that the model does not tell apart. */
const looseCodes = new Set([
  'token_expired',
  'token_invalid',
  'token_not_yet_valid',
  'not_found',
  'forbidden',
  'too_many_requests',
]);

/** Everything that a state says, in one order. Without passwords, which `explain` compares by their hashes. */
export function textOf({ users, sessions }: State): string {
  const userLines = [...users].map(([name, { role }]) => `${name} ${role}`).toSorted();
  const sessionLines = [...sessions]
    .map(([id, session]) => `${id} ${JSON.stringify(fieldsOf(session))}`)
    .toSorted();
  return [...userLines, ...sessionLines].join('\n');
}

function fieldsOf(session: State['sessions'] extends ReadonlyMap<string, infer Session> ? Session : never) {
  const { user, carrier, generation, createdAt, rotatedAt, expiresAt, endReason, rotatedIp, rotatedAgent } =
    session;
  return [
    user,
    carrier,
    generation,
    createdAt,
    rotatedAt,
    expiresAt,
    endReason ?? '',
    rotatedIp,
    rotatedAgent,
  ];
}

function sorted(events: readonly Event[]): string {
  return events
    .map(({ event, session, request }) => `${request} ${event} ${session}`)
    .toSorted()
    .join('\n');
}
