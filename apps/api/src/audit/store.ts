import type { AuditEvent, AuditEventName } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { deleteOld } from '../db/delete-old.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import { createAuditSearch } from './search-store.ts';

/** `user_id` is the user whom the event is about. Who did it is in the detail, as `by`. */
export type About = {
  readonly user_id?: number | null;
  readonly session_id?: string | null;
  /**
   * Never a password, a token or a cookie, because a reader of the log must not be able to sign in with it.
   */
  readonly detail?: AuditEvent['detail'];
};

/** The transaction of a change. */
export type Trx = Database;

/**
 * Stores an event within `trx`, the transaction of the change itself: both are stored, or neither. Throws
 * `not_ready` if the event cannot be stored, which rolls the change back.
 */
export type RecordEvent = (
  trx: Trx,
  event: AuditEventName,
  from: RequestSource,
  about?: About,
) => Promise<void>;

export type AuditStore = ReturnType<typeof createAuditStore>;

type AuditStoreDeps = {
  readonly db: Database;
  /** For reads that must not wait behind writes. */
  readonly reader: Database;
  readonly clock: Pick<Clock, 'timestamp'>;
  /** Called after each event is stored. */
  readonly onRecord?: ((event: AuditEventName) => void) | undefined;
};

const daySeconds = 24 * 60 * 60;

/** Rows of `audit_events`. They are inserted, read, and deleted when they are old; never updated. */
export function createAuditStore({ db, reader, clock, onRecord }: AuditStoreDeps) {
  const record: RecordEvent = async (
    trx,
    event,
    { ip, request_id },
    { user_id = null, session_id = null, detail = {} } = {},
  ) => {
    const row = {
      at: clock.timestamp(),
      event,
      user_id,
      actor_id: actorOf(detail, user_id),
      session_id,
      ip,
      request_id,
      detail: JSON.stringify(bounded(detail)),
    };
    try {
      await trx('audit_events').insert(row);
    } catch (cause) {
      throw new AppError('not_ready', 'The audit log cannot be written, so nothing was changed', {
        retryAfterSeconds: 2,
        cause,
      });
    }
    onRecord?.(event);
  };

  return {
    record,

    ...createAuditSearch({ reader }),

    /** When the user last signed in, or null if the log has no sign-in of theirs. */
    async findLastSignIn(user_id: number): Promise<string | null> {
      const event: AuditEventName = 'sign_in';
      const row = await reader('audit_events').where({ user_id, event }).orderBy('at', 'desc').first('at');
      return row?.at ?? null;
    },

    /** Deletes the events that are older than `days`. */
    async sweep(days: number): Promise<void> {
      const before = clock.timestamp(-days * daySeconds);
      await deleteOld(db, { table: 'audit_events', primaryKey: 'id', column: 'at', before });
    },
  };
}

/** Who did it, if that is another user; the command line and the API itself are user 0. */
function actorOf({ by }: AuditEvent['detail'], user_id: number | null): number | null {
  return typeof by === 'number' && by > 0 && by !== user_id ? by : null;
}

/** Callers choose some of the texts in a detail, and the log keeps them for a year. */
function bounded(detail: AuditEvent['detail']): AuditEvent['detail'] {
  const cut = Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === 'string' ? Array.from(value).slice(0, 255).join('') : value,
  ]);
  return Object.fromEntries(cut);
}
