import type { Performed } from './order.ts';
import type { Access, Operation, Request, State, Tokens, UserName } from './state.ts';
import type { Death } from './statements.ts';
import type { Beginning } from './system.ts';

export const deviceNames = ['ada', 'browser', 'phone'] as const;
export type DeviceName = (typeof deviceNames)[number];
export const thiefName = 'thief' as const;
export type ClientName = DeviceName | typeof thiefName;

/** What a client is to do, before it is known which tokens it has then. */
export type Action =
  | { readonly do: 'sign in'; readonly isRight: boolean }
  | { readonly do: 'refresh' | 'call' | 'sign out' | 'end others' | 'end all' }
  | { readonly do: 'end session'; readonly nth: number }
  | { readonly do: 'change password'; readonly isRight: boolean }
  | { readonly do: 'end all of' | 'set password' | 'delete user' | 'sign up'; readonly user: UserName }
  | { readonly do: 'give role'; readonly user: UserName; readonly role: 'admin' | 'user' };

export type Ask = Action & {
  readonly by: ClientName;
  readonly process: number;
  /** The answer gets lost on its way to the client. */
  readonly isUnheard: boolean;
  /** Its process dies, counted from the first statement of the group. */
  readonly death: Death | undefined;
};

/** The devices with which a schedule begins, in the order of `deviceNames`: each is signed in. */
export const beginnings: readonly Beginning[] = [
  { user: 'ada', carrier: 'bearer', ip: '192.0.2.1', agent: 'Ada/1' },
  { user: 'ben', carrier: 'cookie', ip: '192.0.2.2', agent: 'Browser/1' },
  { user: 'ben', carrier: 'bearer', ip: '192.0.2.3', agent: 'Phone/1' },
];

type Client = {
  readonly user: UserName;
  readonly carrier: Access['carrier'];
  readonly agent: string;
  ip: string;
  tokens: Tokens | undefined;
};

export type Clients = ReturnType<typeof createClients>;

/**
 * The clients of a schedule. Devices are honest: they keep to their own tokens and to one user agent. The thief has
 * another address and another user agent, and copies of tokens.
 *
 * A device that is refused keeps its tokens until it signs in again, so that what has ended is tried again.
 */
export function createClients(given: readonly Tokens[]) {
  const clients = new Map<string, Client>(
    deviceNames.map((name, index) => {
      const { user, carrier, ip, agent } = beginnings[index] as Beginning;
      return [name, { user, carrier, ip, agent, tokens: given[index] }];
    }),
  );
  const stolen: Client = {
    user: 'ben',
    carrier: 'bearer',
    ip: '203.0.113.9',
    agent: 'Thief/1',
    tokens: undefined,
  };
  clients.set(thiefName, stolen);
  let made = 0;

  return {
    /** The thief takes a copy of what the device has now. */
    steal(device: DeviceName): void {
      stolen.tokens = find(device).tokens;
    },

    /** The device gets another address, as a phone does on its way. */
    move(device: DeviceName): void {
      made += 1;
      find(device).ip = `198.51.100.${made}`;
    },

    hasTokens: (name: ClientName): boolean => find(name).tokens !== undefined,

    /** The operation that the client would send now; undefined without tokens. */
    prepare(ask: Ask, state: State): Operation | undefined {
      const client = find(ask.by);
      made += 1;
      const request = requestOf(ask, client, state, made);
      if (!request) return undefined;
      const from = { ip: client.ip, user_agent: client.agent, request_id: `request-${made}` };
      return { ...request, by: ask.by, process: ask.process, from };
    },

    /** The client stores the tokens of an answer, unless it has later ones of the same session. */
    receive({ operation, outcome }: Performed): void {
      if (outcome.is !== 'granted' || !outcome.tokens) return;
      const client = find(operation.by);
      const { access, generation } = outcome.tokens;
      const current = client.tokens;
      const isOfSameSession = current?.access.session === access.session;
      if (operation.do === 'refresh' && !isOfSameSession) return;
      if (isOfSameSession && current.generation > generation) return;
      client.tokens = outcome.tokens;
    },
  };

  function find(name: string): Client {
    const client = clients.get(name);
    if (!client) throw new Error(`There is no client ${name}`);
    return client;
  }
}

function requestOf(
  ask: Ask,
  { user, carrier, tokens }: Client,
  state: State,
  made: number,
): Request | undefined {
  const password = state.users.get(user)?.password ?? 'no such user';
  const next = `a new passphrase ${made}`;
  if (ask.do === 'sign up') return { do: 'sign up', user: ask.user, password: next };
  if (ask.do === 'sign in') {
    const replaced = carrier === 'cookie' && tokens ? [tokens.access.session] : [];
    return { do: 'sign in', user, password: ask.isRight ? password : 'a wrong one', carrier, replaced };
  }
  if (!tokens) return undefined;
  const { access, refreshToken, generation } = tokens;
  switch (ask.do) {
    case 'refresh':
      return {
        do: 'refresh',
        carrier: access.carrier,
        session: access.session,
        generation,
        token: refreshToken,
      };
    case 'change password':
      return { do: 'change password', access, current: ask.isRight ? password : 'a wrong one', next };
    case 'set password':
      return { do: 'set password', access, user: ask.user, next };
    case 'end session': {
      const own = [...state.sessions.keys()];
      return { do: 'end session', access, target: own[ask.nth % own.length] ?? 'no session' };
    }
    case 'end all of':
    case 'delete user':
      return { do: ask.do, access, user: ask.user };
    case 'give role':
      return { do: 'give role', access, user: ask.user, role: ask.role };
    default:
      return { do: ask.do, access };
  }
}
