import type { Carrier } from '@signet/contracts';

/** A row of `sessions`. Times are in ISO 8601. */
export type SessionRow = {
  readonly id: string;
  readonly user_id: number;
  readonly carrier: Carrier;
  readonly generation: number;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly rotated_at: string;
  readonly expires_at: string;
  readonly ended_at: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  /** Who made the last rotation; until there is one, who signed in. */
  readonly rotated_ip: string | null;
  readonly rotated_user_agent: string | null;
};

/** A session's place in the list of its user's sessions. */
export type SessionKey = Pick<SessionRow, 'created_at' | 'id'>;

export const sessionColumns = [
  'id',
  'user_id',
  'carrier',
  'generation',
  'created_at',
  'last_used_at',
  'rotated_at',
  'expires_at',
  'ended_at',
  'ip',
  'user_agent',
  'rotated_ip',
  'rotated_user_agent',
] as const;
