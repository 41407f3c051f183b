import type { AuditEvent, AuditEventName } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';

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
  readonly clock: Pick<Clock, 'timestamp'>;
  /** Called after each event is stored. */
  readonly onRecord?: ((event: AuditEventName) => void) | undefined;
};

const daySeconds = 24 * 60 * 60;

/** So many rows are deleted in one statement, so that others who write do not wait for long. */
const batchSize = 1000;

/** Rows of `audit_events`. They are inserted, read, and deleted when they are old; never updated. */
export function createAuditStore({ db, clock, onRecord }: AuditStoreDeps) {
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

    /** At most `limit` events before the id `before`, newest first. */
    async list({ limit, before }: { limit: number; before: number | undefined }): Promise<AuditEvent[]> {
      const rows = db('audit_events')
        .select('id', 'at', 'event', 'user_id', 'session_id', 'ip', 'request_id', 'detail')
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) rows.where('id', '<', before);
      return (await rows).map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
    },

    /** Deletes the events that are older than `days`. */
    async sweep(days: number): Promise<void> {
      const oldest = clock.timestamp(-days * daySeconds);
      for (let deleted = batchSize; deleted === batchSize; ) {
        const expired = db('audit_events')
          .select('id')
          .where('at', '<', oldest)
          .orderBy('at')
          .limit(batchSize);
        deleted = await db('audit_events').whereIn('id', expired).delete();
      }
    },
  };
}

/** Callers choose some of the texts in a detail, and the log keeps them for a year. */
function bounded(detail: AuditEvent['detail']): AuditEvent['detail'] {
  const cut = Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === 'string' ? Array.from(value).slice(0, 255).join('') : value,
  ]);
  return Object.fromEntries(cut);
}
