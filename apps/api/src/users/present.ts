import type { Role, User } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { UserRow } from './row.ts';

export type PresentUser = ReturnType<typeof createPresentUser>;

/** The user as `viewer` may see them: the date of birth is for oneself and for admins. */
export function createPresentUser({ clock }: { clock: Pick<Clock, 'now'> }) {
  return function present(user: UserRow, viewer: { user_id: number; role: Role }): User {
    const { dob, ...common } = user;
    if (viewer.role !== 'admin' && viewer.user_id !== user.id) return common;
    return { ...common, dob, age: dob === null ? null : ageOn(new Date(clock.now()), dob) };
  };
}

function ageOn(today: Date, dob: string): number {
  const [year = 0, month = 0, day = 0] = dob.split('-').map(Number);
  const hadBirthday =
    today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day);
  return Math.max(0, today.getUTCFullYear() - year - (hadBirthday ? 0 : 1));
}
