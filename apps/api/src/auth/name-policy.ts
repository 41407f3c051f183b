import { NewName, NewUid } from '@signet/contracts';
import { AppError } from '../errors.ts';

/**
 * Throws `invalid_request` for a changed name or user id that a new user could not have: invisible
 * characters, mixed scripts. What stays as it is passes, so that a user from before these rules can go on
 * changing everything else.
 */
export function refuseLookAlikes(
  changes: { readonly name?: string | undefined; readonly uid?: string | undefined },
  before: { readonly name: string; readonly uid: string },
): void {
  for (const [path, schema] of [
    ['name', NewName],
    ['uid', NewUid],
  ] as const) {
    const value = changes[path];
    if (value === undefined || value === before[path]) continue;
    const message = schema.safeParse(value).error?.issues[0]?.message;
    if (message !== undefined)
      throw new AppError('invalid_request', message, { issues: [{ path, message }] });
  }
}
