import type { UserFilter, UserSort } from '@signet/contracts';
import type { Database } from '../db/connect.ts';
import { foldPrefix } from '../db/fold.ts';
import { type UserRow, userColumns } from './row.ts';

/** Users are counted so far. Beyond it a count would cost more the more users there are. */
const mostCounted = 10_000;

/**
 * A user's place in a list: their id and, in one that is sorted by text, the text that they are sorted by.
 */
export type UserPlace = { readonly id: number; readonly text?: string | undefined };

export type FoundUser = { readonly user: UserRow; readonly place: UserPlace };

type Query = UserFilter & {
  readonly limit: number;
  readonly after?: UserPlace | undefined;
  readonly sort?: UserSort | undefined;
};

/** What the texts begin with by which the list is sorted; undefined if it is sorted by id. */
export function prefixOfTexts({ q, sort }: Pick<Query, 'q' | 'sort'>): string | undefined {
  return prefixOf(q) || (sort === 'name' ? '' : undefined);
}

/**
 * Pages of users, and how many there are.
 *
 * Each list is one range of one index, read in its order from the cursor on, so a page costs the same however
 * many users there are.
 */
export function createUserSearch({ reader }: { reader: Database }) {
  return {
    /** At most `limit` users after `after`: by id, by `sort`, or with `q` by what matched. */
    async list({ q, sort, ...query }: Query): Promise<FoundUser[]> {
      const prefix = prefixOf(q);
      if (prefix !== '') return found(prefix, query);
      if (sort === 'name') return byName(query);
      return byId(query, sort === 'newest' ? 'desc' : 'asc');
    },

    /** How many users a list with this filter has, if they are not more than 10 000. */
    async count({ q, role }: UserFilter): Promise<{ count: number; more: boolean }> {
      const prefix = prefixOf(q);
      const meant = prefix === '' ? users({ role }) : matches(prefix, { role });
      const some = meant.select(reader.raw('1 as one')).limit(mostCounted + 1);
      const [row] = await reader(some.as('some')).count({ total: '*' });
      const total = Number(row?.total);
      return { count: Math.min(total, mostCounted), more: total > mostCounted };
    },
  };

  /** The newest have the highest ids, and no two users share one. */
  async function byId({ role, after, limit }: Query, direction: 'asc' | 'desc'): Promise<FoundUser[]> {
    const rows = users({ role }).select<UserRow[]>(userColumns).orderBy('id', direction).limit(limit);
    if (after) rows.where('id', direction === 'asc' ? '>' : '<', after.id);
    return (await rows).map((user) => ({ user, place: { id: user.id } }));
  }

  async function byName({ role, after, limit }: Query): Promise<FoundUser[]> {
    const rows = users({ role })
      .select<(UserRow & { name_key: string })[]>([...userColumns, 'name_key'])
      .orderBy(['name_key', 'id'])
      .limit(limit);
    if (after) rows.whereRaw('(name_key, id) > (?, ?)', [after.text ?? '', after.id]);
    return (await rows).map(({ name_key: text, ...user }) => ({ user, place: { id: user.id, text } }));
  }

  async function found(prefix: string, { role, after, limit }: Query): Promise<FoundUser[]> {
    const places: { id: number; text: string }[] = await matches(prefix, { role, after })
      .select({ id: 'user_id', text: 'term' })
      .orderBy(['term', 'user_id'])
      .limit(limit);
    if (places.length === 0) return [];
    // A statement of its own, because a join could be planned so that all matches are read and sorted.
    const rows = await reader('users')
      .select<UserRow[]>(userColumns)
      .whereIn(
        'id',
        places.map(({ id }) => id),
      );
    const usersById = new Map(rows.map((user) => [user.id, user]));
    return places.flatMap((place) => {
      const user = usersById.get(place.id);
      return user ? [{ user, place }] : [];
    });
  }

  function users({ role }: UserFilter) {
    return role === undefined ? reader('users') : reader('users').where({ role });
  }

  /** The terms that begin with the prefix, of each user the first one, so that nobody is listed twice. */
  function matches(prefix: string, { role, after }: UserFilter & { after?: UserPlace | undefined }) {
    const terms = reader('user_terms')
      // U+10FFFF sorts after every character.
      .where('term', '<=', `${prefix}\u{10FFFF}`)
      // As a CASE, because PostgreSQL expects an equation to refuse nearly all rows, and would read and sort all matches
      // instead of stopping when the page is full.
      .whereRaw(
        `case when term = (
           select min(own.term) from user_terms as own where own.user_id = user_terms.user_id and own.term >= ?
         ) then true else false end`,
        [prefix],
      );
    if (role !== undefined) terms.where({ role });
    // Only one lower bound: with two, the index would be read from the beginning of the prefix on each page.
    return after
      ? terms.whereRaw('(term, user_id) > (?, ?)', [after.text ?? '', after.id])
      : terms.where('term', '>=', prefix);
  }
}

function prefixOf(q = ''): string {
  return foldPrefix(q.trim());
}
