import { AppError } from '../errors.ts';
import type { Principal } from './call.ts';

/** Throws `forbidden` unless the caller is an admin. */
export function requireAdmin({ role }: Pick<Principal, 'role'>): void {
  if (role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this');
}
