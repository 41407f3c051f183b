import type { Page } from '@signet/contracts';
import { AppError } from '../errors.ts';

/** Makes a page of at most `limit` rows out of `limit + 1` that were read: the one too many tells that there is more. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string | number): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: Buffer.from(String(keyOf(last))).toString('base64url') } : { items };
}

/** The key in a cursor that `pageOf` made: of digits, unless another form is given. Throws `invalid_request` for anything else. */
export function cursorOf(cursor: string | undefined, form = /^\d{1,15}$/): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (form.test(key)) return key;
  const message = 'after is not a cursor of this API';
  throw new AppError('invalid_request', message, { issues: [{ path: 'after', message }] });
}
