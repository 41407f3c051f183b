import type { Session } from '@signet/contracts';
import { cursorOf } from '../http/page.ts';
import type { SessionKey, SessionRow } from './row.ts';

/** The session as its owner sees it in a list; `current_id` is the session that asks. */
export function shownSession(row: SessionRow, current_id: string): Session {
  const { id, carrier, created_at, last_used_at, expires_at, ip, user_agent } = row;
  return {
    id,
    carrier,
    created_at,
    last_used_at: roundedDown(last_used_at),
    expires_at: roundedDown(expires_at),
    ip,
    user_agent,
    current: id === current_id,
  };
}

/** The cursor's key: everything that the list is ordered by, so the cursor's row need not exist any more. */
export function keyOf({ created_at, id }: SessionKey): string {
  return `${Date.parse(created_at)}.${id}`;
}

/** Reads what `keyOf` wrote. Throws `invalid_request` for anything else. */
export function keyIn(cursor: string | undefined): SessionKey | undefined {
  // Thirteen digits of milliseconds reach to the year 2286. Later moments do not fit into every database.
  const [milliseconds, id] = cursorOf(cursor, /^\d{1,13}\.[\w-]{22}$/)?.split('.') ?? [];
  if (!milliseconds || !id) return undefined;
  return { created_at: new Date(Number(milliseconds)).toISOString(), id };
}

/**
 * To 5 minutes, because both times move when the owner refreshes, and a thief with a copy of the tokens could
 * watch for that moment and follow within the grace window.
 */
function roundedDown(time: string): string {
  const stepMs = 5 * 60 * 1000;
  return new Date(Math.floor(Date.parse(time) / stepMs) * stepMs).toISOString();
}
