import { maxId, type Page } from '@signet/contracts';
import { AppError } from '../errors.ts';

/** Makes a page of at most `limit` rows out of `limit + 1` that were read: the one too many tells that there is more. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string | number,
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined
    ? { items, next: Buffer.from(String(keyOf(last))).toString('base64url') }
    : { items };
}

/** The key in a cursor that `pageOf` made, if it has this form. Throws `invalid_request` for anything else. */
export function cursorOf(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  return form.test(key) ? key : refuseCursor();
}

/** The `count` numbers in a cursor whose key is made of them with dots between; none where there is no cursor. Throws `invalid_request`. */
export function numbersInCursor(cursor: string | undefined, count = 1): number[] {
  const key = cursorOf(cursor, /^\d{1,10}(\.\d{1,10})*$/);
  const numbers = key?.split('.').map(Number) ?? [];
  // A number that no column holds is an error to PostgreSQL, where it is compared with one.
  if (key !== undefined && (numbers.length !== count || numbers.some((each) => each > maxId)))
    return refuseCursor();
  return numbers;
}

function refuseCursor(): never {
  const message = 'after is not a cursor of this API';
  throw new AppError('invalid_request', message, { issues: [{ path: 'after', message }] });
}
