import type { Role } from '@signet/contracts';
import { AppError } from '../errors.ts';
import type { Principal } from '../http/call.ts';
import { requireOwnerOrAdmin } from '../http/require-admin.ts';
import type { LockedRows } from '../sessions/authority-store.ts';

/** Throws `forbidden` unless the caller is this user or an admin. */
export function refuseStranger(id: number, caller: Principal): void {
  requireOwnerOrAdmin(id, caller, 'Only this user and admins may do this');
}

/** Throws `forbidden` if a role is given and not by an admin. */
export function refuseRole(role: Role | undefined, maker: Principal | undefined): void {
  if (role !== undefined && maker?.role !== 'admin')
    throw new AppError('forbidden', 'Only an admin may give a role');
}

/** Throws `last_admin` if no admin would be left without this user. */
export function refuseLoss(id: number, { users }: LockedRows): void {
  const admins = users.filter(({ role }) => role === 'admin');
  if (admins.length === 1 && admins[0]?.id === id) throw new AppError('last_admin');
}
