import type { Access, Event, ModelSession, Operation, Outcome, Rules, State, UserName } from './state.ts';

/** What an operation does to a state, if it runs alone. */
export type Effect = { readonly state: State; readonly outcome: Outcome; readonly events: readonly Event[] };

type Context = {
  readonly rules: Rules;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The id of the session that this operation began, as its audit event names it. */
  readonly begun: (request_id: string) => string;
};

/** How old a clock may make a token before it is refused as one from the future. */
const leewaySeconds = 5;

/**
 * The protocol of the specification, sections 5, 6 and 10, without processes, statements and crashes: each
 * operation happens at one moment.
 */
export function apply(state: State, operation: Operation, { rules, now, begun }: Context): Effect {
  const request = operation.from.request_id;
  const users = new Map(state.users);
  const sessions = new Map(state.sessions);
  const events: Event[] = [];

  const outcome = run();
  return { state: { users, sessions }, outcome, events };

  function run(): Outcome {
    switch (operation.do) {
      case 'sign in':
        return signIn(operation);
      case 'refresh':
        return refresh(operation);
      case 'call':
        return call(operation.access);
      case 'sign out':
        end([operation.access.session], 'sign_out', 'sign_out');
        return granted;
      case 'sign up':
        return signUp(operation);
      default:
        return change(operation);
    }
  }

  /** What needs a principal. */
  function change(
    asked: Exclude<Operation, { do: 'sign in' | 'refresh' | 'call' | 'sign out' | 'sign up' }>,
  ) {
    const caller = callerOf(asked.access);
    if (!caller) return refused('session_ended');
    const own = asked.access.session;
    const isAdmin = users.get(caller)?.role === 'admin';
    switch (asked.do) {
      case 'end session': {
        const target = sessions.get(asked.target);
        if (!target || target.user !== caller || target.endReason) return refused('not_found');
        end([asked.target], 'ended_by_user', 'session_ended');
        return granted;
      }
      case 'end others': {
        const others = idsOf((session, id) => session.user === caller && id !== own && isLive(session));
        end(others, 'ended_by_user', undefined);
        tell('session_ended', own);
        return granted;
      }
      case 'end all':
        end(
          idsOf(({ user }) => user === caller),
          'ended_by_user',
          undefined,
        );
        tell('session_ended', own);
        return granted;
      case 'end all of': {
        if (!isAdmin || !users.has(asked.user)) return refused('forbidden');
        const isOwn = asked.user === caller;
        end(
          idsOf(({ user }) => user === asked.user),
          isOwn ? 'ended_by_user' : 'ended_by_admin',
          undefined,
        );
        tell('session_ended', own);
        return granted;
      }
      case 'change password': {
        const user = users.get(caller);
        if (!user || user.password !== asked.current) return refused('credentials_invalid');
        users.set(caller, { ...user, password: asked.next });
        end(
          idsOf((session) => session.user === caller),
          'password_changed',
          undefined,
        );
        tell('password_changed', begin(caller, asked.access.carrier));
        return granted;
      }
      case 'set password': {
        const user = users.get(asked.user);
        if (!isAdmin || !user || asked.user === caller) return refused('forbidden');
        users.set(asked.user, { ...user, password: asked.next });
        end(
          idsOf((session) => session.user === asked.user),
          'password_changed',
          undefined,
        );
        tell('password_changed', own);
        return granted;
      }
      case 'give role': {
        const user = users.get(asked.user);
        const isOwnRole = asked.user === caller && asked.role === user?.role;
        if (!user || !(isAdmin || isOwnRole)) return refused('forbidden');
        if (asked.role === 'user' && isLastAdmin(asked.user)) return refused('last_admin');
        users.set(asked.user, { ...user, role: asked.role });
        if (user.role !== asked.role) tell('role_changed', own);
        return granted;
      }
      case 'delete user': {
        if ((!isAdmin && asked.user !== caller) || !users.has(asked.user)) return refused('forbidden');
        if (isLastAdmin(asked.user)) return refused('last_admin');
        users.delete(asked.user);
        for (const id of idsOf(({ user }) => user === asked.user)) sessions.delete(id);
        tell('user_deleted', own);
        return granted;
      }
    }
  }

  function signIn(asked: Extract<Operation, { do: 'sign in' }>): Outcome {
    const { user, carrier, replaced } = asked;
    if (users.get(user)?.password !== asked.password) return refused('credentials_invalid');
    const id = begin(user, carrier);
    tell('sign_in', id);
    const cookies = replaced.filter((each) => sessions.get(each)?.carrier === 'cookie');
    end(cookies, 'replaced_by_sign_in', 'session_ended');
    const others = idsOf((session, each) => session.user === user && each !== id).toSorted(byAge);
    const live = others.filter((each) => isLive(sessions.get(each)));
    const surplus = live.slice(rules.maxSessions - 1);
    const old = others.filter((each) => !live.includes(each)).slice(4 * rules.maxSessions);
    end(surplus, 'too_many_sessions', 'session_ended');
    for (const each of old) sessions.delete(each);
    return granted;
  }

  function refresh({
    session: id,
    generation,
    carrier,
    from,
  }: Extract<Operation, { do: 'refresh' }>): Outcome {
    const session = sessions.get(id);
    if (session?.carrier !== carrier) return refused('refresh_invalid');
    if (isLive(session) && session.generation === generation) {
      const expiresAt = Math.min(now + rules.idleMs, session.createdAt + rules.maxMs);
      const rotation = { rotatedAt: now, rotatedIp: from.ip, rotatedAgent: from.user_agent };
      sessions.set(id, { ...session, generation: generation + 1, expiresAt, ...rotation });
      return granted;
    }
    // A generation that the row has not reached was given before a restore: no theft.
    if (!isLive(session) || generation >= session.generation) return refused('session_ended');
    if (session.generation === generation + 1 && now - session.rotatedAt <= rules.graceMs) {
      tell('refresh_repeated', id);
      const isRotator = session.rotatedIp === from.ip || session.rotatedAgent === from.user_agent;
      return isRotator ? granted : refused('refresh_elsewhere');
    }
    end([id], 'refresh_reused', 'refresh_reused');
    return refused('refresh_reused');
  }

  function signUp({ user, password }: Extract<Operation, { do: 'sign up' }>): Outcome {
    if (users.has(user)) return refused('uid_taken');
    users.set(user, { role: 'user', password });
    tell('user_created', null);
    return granted;
  }

  function call(access: Access): Outcome {
    const caller = callerOf(access);
    return caller ? { is: 'granted', role: users.get(caller)?.role } : refused('session_ended');
  }

  /** The user whose live session the token names. */
  function callerOf({ session: id, iat, exp }: Access): UserName | undefined {
    const seconds = Math.floor(now / 1000);
    const session = sessions.get(id);
    const isTimely = exp > seconds && iat <= seconds + leewaySeconds;
    return isTimely && isLive(session) ? session.user : undefined;
  }

  function begin(user: UserName, carrier: ModelSession['carrier']): string {
    const id = begun(request);
    const { ip, user_agent } = operation.from;
    sessions.set(id, {
      user,
      carrier,
      generation: 0,
      createdAt: now,
      rotatedAt: now,
      expiresAt: now + Math.min(rules.idleMs, rules.maxMs),
      endReason: undefined,
      rotatedIp: ip,
      rotatedAgent: user_agent,
    });
    return id;
  }

  /** Ends those that have not been ended; with an event for each, if one is named. */
  function end(ids: readonly string[], endReason: string, event: string | undefined): void {
    for (const id of ids) {
      const session = sessions.get(id);
      if (!session || session.endReason) continue;
      sessions.set(id, { ...session, endReason });
      if (event) tell(event, id);
    }
  }

  function tell(event: string, session: string | null): void {
    events.push({ event, session, request });
  }

  function isLive(session: ModelSession | undefined): session is ModelSession {
    return session !== undefined && !session.endReason && session.expiresAt > now;
  }

  function idsOf(belongs: (session: ModelSession, id: string) => boolean): string[] {
    return [...sessions].filter(([id, session]) => belongs(session, id)).map(([id]) => id);
  }

  /** Newest first; sessions of one moment by their id. */
  function byAge(a: string, b: string): number {
    const age = (sessions.get(b)?.createdAt ?? 0) - (sessions.get(a)?.createdAt ?? 0);
    return age === 0 ? (a < b ? -1 : 1) : age;
  }

  function isLastAdmin(user: UserName): boolean {
    const admins = [...users].filter(([, { role }]) => role === 'admin');
    return admins.length === 1 && admins[0]?.[0] === user;
  }
}

const granted: Outcome = { is: 'granted' };

function refused(code: string): Outcome {
  return { is: 'refused', code };
}
