import { AppError } from '../errors.ts';
import type { Principal } from './call.ts';

/** Throws `forbidden` unless the caller is an admin. */
export function requireAdmin({ role }: Pick<Principal, 'role'>): void {
  if (role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this');
}

/** Throws `forbidden` with this detail unless the caller is the owner or an admin. */
export function requireOwnerOrAdmin(
  owner_id: number,
  { user_id, role }: Pick<Principal, 'user_id' | 'role'>,
  detail: string,
): void {
  if (role !== 'admin' && user_id !== owner_id) throw new AppError('forbidden', detail);
}
