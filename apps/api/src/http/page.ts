import { maxId, type Page } from '@signet/contracts';
import { AppError } from '../errors.ts';

/** The most that the items of a page have as JSON; a page has one item at least. */
export const maxPageBytes = 1024 * 1024;

/** How many of the rows a page may have: `limit` at most, and fewer where they are too large together. */
export function fittingLimit(rows: readonly unknown[], limit: number): number {
  let bytes = 0;
  const first = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return bytes > maxPageBytes && index > 0;
  });
  return first < 0 ? limit : Math.min(limit, first);
}

/**
 * Makes a page of at most `limit` rows from the `limit + 1` that were read: the extra row shows that
 * more follow.
 */
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

/**
 * The key in a cursor that `pageOf` made. Throws `invalid_request` for a key that does not have this form.
 */
export function cursorOf(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  return form.test(key) ? key : refuseCursor();
}

/**
 * The `count` numbers in a cursor whose key is numbers with dots between them; an empty list without a
 * cursor. Throws `invalid_request`.
 */
export function numbersInCursor(cursor: string | undefined, count = 1): number[] {
  const key = cursorOf(cursor, /^\d{1,10}(\.\d{1,10})*$/);
  const numbers = key?.split('.').map(Number) ?? [];
  // PostgreSQL fails with an error when a column is compared with a number that is larger than its type.
  if (key !== undefined && (numbers.length !== count || numbers.some((each) => each > maxId)))
    return refuseCursor();
  return numbers;
}

/**
 * The id of the last row and, in a list that is sorted by text, its text, from a cursor whose key is `id` or
 * `id.text`. `prefix` is what every text of the list begins with; undefined where the list is not sorted by
 * text. Throws `invalid_request`.
 */
export function placeInCursor(
  cursor: string | undefined,
  prefix: string | undefined,
): { id: number; text?: string } | undefined {
  if (prefix === undefined) {
    const [id] = numbersInCursor(cursor);
    return id === undefined ? undefined : { id };
  }
  const key = cursorOf(cursor, /^\d{1,10}\./);
  if (key === undefined) return undefined;
  const dot = key.indexOf('.');
  const [id, text] = [Number(key.slice(0, dot)), key.slice(dot + 1)];
  // PostgreSQL fails with an error at a number larger than its type, and at a NUL character.
  return id > maxId || text.includes('\0') || !text.startsWith(prefix) ? refuseCursor() : { id, text };
}

function refuseCursor(): never {
  const message = 'after is not a cursor of this API';
  throw new AppError('invalid_request', message, { issues: [{ path: 'after', message }] });
}
