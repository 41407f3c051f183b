import type { Carrier, Role } from '@signet/contracts';
import type { RequestSource } from '../../src/http/call.ts';

/** Names of the model's users. Each is a user id in the database, with the number of the schedule behind it. */
export const userNames = ['ada', 'ben'] as const;
export type UserName = (typeof userNames)[number];

/** `password` is the password itself, and its hash in what is read from the database. */
export type ModelUser = { readonly role: Role; readonly password: string };

/** A row of `sessions` with what decides about it. Times are in milliseconds. */
export type ModelSession = {
  readonly user: UserName;
  readonly carrier: Carrier;
  readonly generation: number;
  readonly createdAt: number;
  readonly rotatedAt: number;
  readonly expiresAt: number;
  readonly endReason: string | undefined;
  readonly rotatedIp: string | null;
  readonly rotatedAgent: string | null;
};

/** What the database should hold: users by name, sessions by their id. */
export type State = {
  readonly users: ReadonlyMap<UserName, ModelUser>;
  readonly sessions: ReadonlyMap<string, ModelSession>;
};

/** What the rules of the model are given from the configuration, in the units of their names. */
export type Rules = {
  readonly idleMs: number;
  readonly maxMs: number;
  readonly graceMs: number;
  readonly maxSessions: number;
};

/** An access token, and what it says. `iat` and `exp` are in seconds. */
export type Access = {
  readonly token: string;
  readonly session: string;
  readonly carrier: Carrier;
  readonly iat: number;
  readonly exp: number;
};

/** What one request asks for. */
export type Request =
  | {
      readonly do: 'sign in';
      readonly user: UserName;
      readonly password: string;
      readonly carrier: Carrier;
      readonly replaced: readonly string[];
    }
  | {
      readonly do: 'refresh';
      readonly carrier: Carrier;
      readonly session: string;
      readonly generation: number;
      readonly token: string;
    }
  | { readonly do: 'call'; readonly access: Access }
  | { readonly do: 'sign out'; readonly access: Access }
  | { readonly do: 'end session'; readonly access: Access; readonly target: string }
  | { readonly do: 'end others'; readonly access: Access }
  | { readonly do: 'end all'; readonly access: Access }
  | { readonly do: 'end all of'; readonly access: Access; readonly user: UserName }
  | {
      readonly do: 'change password';
      readonly access: Access;
      readonly current: string;
      readonly next: string;
    }
  | { readonly do: 'set password'; readonly access: Access; readonly user: UserName; readonly next: string }
  | { readonly do: 'give role'; readonly access: Access; readonly user: UserName; readonly role: Role }
  | { readonly do: 'delete user'; readonly access: Access; readonly user: UserName }
  | { readonly do: 'sign up'; readonly user: UserName; readonly password: string };

/** A request to one of the processes. Its `request_id` tells its audit events from those of all others. */
export type Operation = Request & {
  readonly process: number;
  readonly from: RequestSource;
  /** Whose request it is: a device, or the thief. */
  readonly by: string;
};

/** The tokens that an operation answered with. */
export type Tokens = { readonly access: Access; readonly refreshToken: string; readonly generation: number };

export type Outcome =
  | { readonly is: 'granted'; readonly tokens?: Tokens | undefined; readonly role?: Role | undefined }
  | { readonly is: 'refused'; readonly code: string }
  /** The process died before it answered. */
  | { readonly is: 'lost' };

/** An audit event of an operation. */
export type Event = { readonly event: string; readonly session: string | null; readonly request: string };
