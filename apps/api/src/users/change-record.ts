import type { RecordEvent, Trx } from '../audit/store.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import type { UserRow } from './row.ts';

/**
 * Records which members of a user changed, and nothing if none did. Of their values only the user id is kept,
 * because it is what a user is recognised by.
 */
export function createChangeRecord(record: RecordEvent) {
  return async function recordChange(
    trx: Trx,
    before: UserRow,
    after: UserRow,
    { user_id: by, session_id }: Principal,
    from: RequestSource,
  ): Promise<void> {
    const about = { user_id: after.id, session_id };
    if (after.role !== before.role)
      await record(trx, 'role_changed', from, { ...about, detail: { role: after.role, by } });
    const members = (['name', 'uid', 'dob'] as const).filter((member) => after[member] !== before[member]);
    if (members.length === 0) return;
    const uids = members.includes('uid') && { uid: after.uid, former_uid: before.uid };
    await record(trx, 'user_changed', from, {
      ...about,
      detail: { members: members.join(' '), ...uids, by },
    });
  };
}
