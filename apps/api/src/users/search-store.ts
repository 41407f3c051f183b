import type { Database } from '../db/connect.ts';
import { foldPrefix } from '../db/fold.ts';
import { type UserRow, userColumns } from './row.ts';

/** A prefix counts as common if more than one row in this many has it. */
const rowsPerMatch = 10;

type UserQuery = { readonly limit: number; readonly after: number; readonly q?: string | undefined };

/** Pages of users by id, all of them or those whose uid or name begins with a prefix. */
export function createUserSearch({ reader }: { reader: Database }) {
  /** At most `limit` users after the id `after`, by id; with `q`, those whose uid or name begins with it. */
  return async function list({ limit, after, q }: UserQuery): Promise<UserRow[]> {
    const page = (among: ReturnType<Database>) =>
      among.select<UserRow[]>(userColumns).where('id', '>', after).orderBy('id').limit(limit);
    if (!q) return page(reader('users'));
    const prefix = foldPrefix(q);
    // A common prefix fills its page from the next few rows. A rare one is looked up in the indexes, which
    // would be slow for a common one: all matches would be sorted to show the first hundred.
    const nextRows = reader('users')
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit * rowsPerMatch);
    const nearby = await page(reader(nextRows.as('next_rows'))).where((either) =>
      either.where(beginsWith('uid_key', prefix)).orWhere(beginsWith('name_key', prefix)),
    );
    if (nearby.length === limit) return nearby;
    const found = (column: string) =>
      reader('users').select('id').where(beginsWith(column, prefix)).where('id', '>', after);
    return page(reader('users')).whereIn('id', found('uid_key').unionAll(found('name_key')));
  };
}

/** As a range, because an index over bytes can serve one. U+10FFFF sorts after every character. */
function beginsWith(column: string, prefix: string) {
  return (query: { whereBetween: (column: string, range: [string, string]) => unknown }) =>
    void query.whereBetween(column, [prefix, `${prefix}\u{10FFFF}`]);
}
