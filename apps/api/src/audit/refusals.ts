import type { AuditEvent, AuditEventName, ProblemCode } from '@signet/contracts';
import type { RequestSource } from '../http/call.ts';
import type { About, RecordEvent, Trx } from './store.ts';

/** A request that was refused, and what is known of its caller. */
export type Refusal = {
  readonly code: ProblemCode;
  readonly from: RequestSource;
  readonly user_id: number | null;
  readonly session_id: string | null;
  readonly detail: AuditEvent['detail'];
};

type RefusalDeps = {
  readonly run: <Result>(work: (trx: Trx) => Promise<Result>) => Promise<Result>;
  /**
   * Counts one refusal of this address: which one it is in its window, or undefined if it is one too many.
   */
  readonly count: (
    ip: string | null,
    trx: Trx,
  ) => Promise<{ readonly number: number; readonly window_ends_at: string } | undefined>;
  /**
   * After so many refusals of an address in a window, one more event says that the others are not recorded.
   */
  readonly limit: number;
  readonly addressOf: (ip: string | null) => string;
  readonly record: RecordEvent;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called for a refusal that could not be recorded. */
  readonly onFailure: (error: unknown, from: RequestSource) => void;
};

/** The event that records a refusal; null for what a caller gets wrong without trying anything. */
const events: Readonly<Record<ProblemCode, AuditEventName | null>> = {
  invalid_request: null,
  token_missing: 'token_refused',
  token_invalid: 'token_refused',
  token_not_yet_valid: 'token_refused',
  token_expired: null,
  session_ended: 'token_refused',
  cookies_ambiguous: 'token_refused',
  refresh_invalid: 'refresh_refused',
  // Recorded as a repeated refresh.
  refresh_elsewhere: null,
  // Recorded with the end of the session, in its transaction.
  refresh_reused: null,
  credentials_invalid: 'sign_in_failed',
  forbidden: 'role_refused',
  origin_refused: 'origin_refused',
  not_found: null,
  method_not_allowed: null,
  uid_taken: 'request_refused',
  last_admin: 'request_refused',
  host_unknown: 'host_refused',
  body_too_large: 'request_refused',
  unsupported_media_type: null,
  quota_reached: 'limit_reached',
  too_many_requests: 'limit_reached',
  internal: null,
  overloaded: null,
  not_ready: null,
};

/** The answer to a refused request waits so long for its record. */
const patienceMs = 1000;
/**
 * So many records may be on their way at once; while the database does not answer, more would only pile up.
 */
const mostWaiting = 100;
/** So many addresses are remembered as having reached the limit. */
const mostAddresses = 10_000;

/**
 * Records refusals: at most `limit` of an address in a window, then one event that says so.
 *
 * Returns a function that never rejects and resolves within a second: a refusal stands whether or not it
 * is recorded.
 */
export function createRefusals(deps: RefusalDeps) {
  const { run, count, limit, addressOf, record, now, onFailure } = deps;
  /** When the windows end of the addresses that have reached the limit: their refusals cost no statement. */
  const silent = new Map<string, number>();
  let waiting = 0;

  return async function recordRefusal(refusal: Refusal): Promise<void> {
    const event = eventOf(refusal);
    const address = addressOf(refusal.from.ip);
    if (event === null || (silent.get(address) ?? 0) > now() || waiting >= mostWaiting) return;
    waiting += 1;
    const stored = store(event, refusal, address)
      .catch((error: unknown) => onFailure(error, refusal.from))
      .finally(() => {
        waiting -= 1;
      });
    await Promise.race([stored, delay(patienceMs)]);
  };

  async function store(event: AuditEventName, refusal: Refusal, address: string): Promise<void> {
    const counted = await run(async (trx) => {
      const one = await count(refusal.from.ip, trx);
      if (!one) return undefined;
      const { code, from, user_id, session_id, detail } = refusal;
      const isLast = one.number > limit;
      const about: About = isLast
        ? { detail: { address, recorded: limit, until: one.window_ends_at } }
        : { user_id, session_id, detail: { code, ...detail } };
      await record(trx, isLast ? 'refusals_not_recorded' : event, from, about);
      return one;
    });
    if (!counted || counted.number > limit) silence(address, counted?.window_ends_at);
  }

  /** Without a known end, another process has counted the last one: ask again in a minute. */
  function silence(address: string, until: string | undefined): void {
    silent.delete(address);
    const [oldest] = silent.keys();
    if (oldest !== undefined && silent.size >= mostAddresses) silent.delete(oldest);
    silent.set(address, until === undefined ? now() + 60_000 : Date.parse(until));
  }
}

/** Who is signed in and gives a wrong password fails at something else than signing in. */
function eventOf({ code, session_id }: Refusal): AuditEventName | null {
  if (code === 'credentials_invalid' && session_id !== null) return 'password_refused';
  return events[code];
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
