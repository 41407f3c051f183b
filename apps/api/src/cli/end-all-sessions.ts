import { createAuditStore } from '../audit/store.ts';
import { operator } from '../auth/operator.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { transact } from '../db/transact.ts';
import type { EndReason } from '../sessions/end-store.ts';
import { here } from './operator.ts';

/** Ends every session of every user in one transaction with its audit event. Answers how many there were. */
export function endAllSessions(db: Database, clock: Clock): Promise<number> {
  const audit = createAuditStore({ db, reader: db, clock });
  return transact(db, async (trx) => {
    const end_reason: EndReason = 'ended_by_admin';
    const ended_at = clock.timestamp();
    const count = await trx('sessions').whereNull('ended_at').update({ ended_at, end_reason });
    await audit.record(trx, 'session_ended', here, { detail: { by: operator.user_id, count } });
    return count;
  });
}
