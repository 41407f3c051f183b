import type { Performed } from './order.ts';
import type { Group } from './promises.ts';
import type { Operation, Rules, State, UserName } from './state.ts';

/** The sessions that the group's operations may have ended, with the reason: also where their answers were lost. */
export function possibleEnds({ performed, before, observed }: Group, rules: Rules): Map<string, string> {
  const found = new Map<string, string>();
  for (const { operation, outcome } of performed) {
    if (outcome.is === 'refused') continue;
    for (const id of concerned(operation, { before, allOf })) found.set(id, operation.do);
    const others = operation.do === 'sign in' ? allOf(operation.user) : [];
    if (others.length > rules.maxSessions) for (const id of others) found.set(id, 'too many sessions');
  }
  return found;

  /** Also those that one of the operations began and another one deleted. */
  function allOf(user: UserName): string[] {
    const begun = performed.flatMap(({ operation, outcome }) => {
      const id = outcome.is === 'granted' && outcome.tokens?.access.session;
      const owner = operation.do === 'sign in' ? operation.user : callerIn(before, operation);
      return id && owner === user ? [id] : [];
    });
    return [...new Set([...sessionsOf(user, before), ...sessionsOf(user, observed.state), ...begun])];
  }
}

/**
 * The sessions of which the answer to an operation said that they have ended. Expired ones are not ended with the others,
 * and a clock that goes back makes them valid again.
 */
export function answeredEnds(
  { operation, outcome }: Performed,
  before: State,
  expired: ReadonlySet<string>,
): string[] {
  if (operation.do === 'refresh') {
    return outcome.is === 'refused' && outcome.code === 'refresh_reused' ? [operation.session] : [];
  }
  if (outcome.is !== 'granted') return [];
  const ids = concerned(operation, { before, allOf: (user) => sessionsOf(user, before) });
  return ids.filter((id) => {
    const session = before.sessions.get(id);
    if (operation.do === 'sign in') return session?.carrier === 'cookie';
    return session !== undefined && !(operation.do === 'end others' && expired.has(id));
  });
}

/** The sessions that an operation ends if it is granted. */
function concerned(
  operation: Operation,
  { before, allOf }: { before: State; allOf: (user: UserName) => readonly string[] },
): readonly string[] {
  const caller = callerIn(before, operation);
  const own = caller ? allOf(caller) : [];
  switch (operation.do) {
    case 'sign in':
      return operation.replaced;
    case 'sign out':
      return [operation.access.session];
    case 'end session':
      return [operation.target];
    case 'end others':
      return own.filter((id) => id !== operation.access.session);
    case 'end all':
    case 'change password':
      return own;
    case 'end all of':
    case 'set password':
    case 'delete user':
      return allOf(operation.user);
    default:
      return [];
  }
}

function sessionsOf(user: UserName, { sessions }: State): string[] {
  return [...sessions].filter(([, session]) => session.user === user).map(([id]) => id);
}

function callerIn({ sessions }: State, operation: Operation): UserName | undefined {
  return 'access' in operation ? sessions.get(operation.access.session)?.user : undefined;
}
