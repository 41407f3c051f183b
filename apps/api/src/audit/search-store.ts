import type { AuditEvent, AuditQuery } from '@signet/contracts';
import type { Database } from '../db/connect.ts';

/** An event's place in the log: events are sorted by time, and by id where the time is the same. */
export type AuditPlace = Pick<AuditEvent, 'at' | 'id'>;

export type AuditFilter = Pick<AuditQuery, 'event' | 'user' | 'from' | 'to'>;

type PageOfEvents = AuditFilter & { readonly limit: number; readonly before?: AuditPlace | undefined };

const columns = [
  'id',
  'at',
  'event',
  'user_id',
  'actor_id',
  'session_id',
  'ip',
  'request_id',
  'detail',
] as const;

/**
 * Pages of the audit log, newest first.
 *
 * Each kind of event, and each of the two ways in which an event concerns a user, is one range of one index
 * in the order of the list; the database merges the ranges, and stops when the page is full.
 */
export function createAuditSearch({ reader }: { reader: Database }) {
  return {
    /** At most `limit` events before `before`, with the users whom they name. */
    async list({ limit, ...query }: PageOfEvents): Promise<AuditEvent[]> {
      const rows: (Omit<AuditEvent, 'user' | 'actor' | 'detail'> & {
        actor_id: number | null;
        detail: string;
      })[] = await newestFirst(query, columns).limit(limit);
      const ids = new Set(rows.flatMap(({ user_id, actor_id }) => [user_id, actor_id]));
      ids.delete(null);
      const users = await reader('users')
        .select('id', 'uid', 'name')
        .whereIn('id', [...ids]);
      const usersById = new Map<number | null, { id: number; uid: string; name: string }>(
        users.map((user) => [user.id, user]),
      );
      return rows.map(({ actor_id, detail, ...row }) => {
        const user = usersById.get(row.user_id);
        return {
          ...row,
          user: user ? { uid: user.uid, name: user.name } : null,
          actor: usersById.get(actor_id) ?? null,
          detail: JSON.parse(detail),
        };
      });
    },

    /** The place of the event at number `count`, if more events follow it. */
    async findEnd(query: Omit<PageOfEvents, 'limit'>, count: number): Promise<AuditPlace | undefined> {
      const [last, following]: AuditPlace[] = await newestFirst(query, ['id', 'at'])
        .offset(count - 1)
        .limit(2);
      return following && last;
    },
  };

  function newestFirst(query: Omit<PageOfEvents, 'limit'>, selected: readonly string[]) {
    const [first, ...others] = rangesOf(query).map((range) => range.select(selected));
    if (!first) throw new TypeError('A filter has at least one range');
    return (others.length > 0 ? first.unionAll(others) : first).orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  }

  function rangesOf({ event, user, from, to, before }: Omit<PageOfEvents, 'limit'>) {
    const within = () => {
      const range = reader('audit_events');
      if (from !== undefined) range.where('at', '>=', from);
      // Only one upper bound: with two, the index would be read from the newest event on each page.
      if (before && !(to !== undefined && to <= before.at))
        return range.whereRaw('(at, id) < (?, ?)', [before.at, before.id]);
      return to === undefined ? range : range.where('at', '<', to);
    };
    const names = event && [...new Set(event)];
    if (user === undefined) return names?.map((name) => within().where({ event: name })) ?? [within()];
    const about = names?.map((name) => within().where({ user_id: user, event: name })) ?? [
      within().where({ user_id: user }),
    ];
    const done = within().where({ actor_id: user });
    return [...about, names ? done.whereIn('event', names) : done];
  }
}
