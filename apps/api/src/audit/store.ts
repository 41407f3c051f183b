import type { AuditEvent, AuditEventName } from '@signet/contracts';
import type { Database } from '../db/connect.ts';
import type { RequestSource } from '../http/call.ts';

type About = {
  readonly user_id?: number | null;
  readonly session_id?: string | null;
  /**
   * Never a password, a token or a cookie, because a reader of the log must not be able to sign in with it.
   */
  readonly detail?: AuditEvent['detail'];
};

/** Within `trx`, the transaction of the change itself, change and event are stored together or not at all. */
export type RecordEvent = (
  event: AuditEventName,
  from: RequestSource,
  about?: About,
  trx?: Database,
) => Promise<void>;

export type AuditStore = ReturnType<typeof createAuditStore>;

type AuditStoreDeps = {
  readonly db: Database;
  readonly now: () => number;
  /** Called after each event is stored. */
  readonly onRecord?: ((event: AuditEventName) => void) | undefined;
};

/** Rows of `audit_events`. They are inserted and read, never updated. */
export function createAuditStore({ db, now, onRecord }: AuditStoreDeps) {
  const record: RecordEvent = async (
    event,
    { ip, request_id },
    { user_id = null, session_id = null, detail = {} } = {},
    trx = db,
  ) => {
    await trx('audit_events').insert({
      at: new Date(now()).toISOString(),
      event,
      user_id,
      session_id,
      ip,
      request_id,
      detail: JSON.stringify(detail),
    });
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
  };
}
