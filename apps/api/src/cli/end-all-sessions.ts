import { createAuditStore } from '../audit/store.ts';
import { operator } from '../auth/operator.ts';
import type { Database } from '../db/connect.ts';
import { transact } from '../db/transact.ts';
import type { EndReason } from '../sessions/store.ts';
import { here } from './operator.ts';

/** Ends every session of every user in one transaction with its audit event. Answers how many there were. */
export function endAllSessions(db: Database, now: () => number = Date.now): Promise<number> {
  const audit = createAuditStore({ db, now });
  return transact(db, async (trx) => {
    const ended_at = new Date(now()).toISOString();
    const end_reason: EndReason = 'ended_by_admin';
    const count = await trx('sessions').whereNull('ended_at').update({ ended_at, end_reason });
    await audit.record(trx, 'session_ended', here, { detail: { by: operator.user_id, count } });
    return count;
  });
}
