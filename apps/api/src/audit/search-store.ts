import type { AuditEvent, AuditQuery } from '@signet/contracts';
import type { Database } from '../db/connect.ts';

/** An event's place in the log: events are sorted by time, and by id where the time is the same. */
export type AuditPlace = Pick<AuditEvent, 'at' | 'id'>;

export type AuditFilter = Pick<AuditQuery, 'event' | 'user' | 'from' | 'to'>;

type PageOfEvents = AuditFilter & { readonly limit: number; readonly before?: AuditPlace | undefined };

/** As it is stored: `detail` as JSON, and users by their ids. */
type EventRow = Omit<AuditEvent, 'user' | 'actor' | 'detail'> & {
  readonly actor_id: number | null;
  readonly detail: string;
};

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
 * Each kind of event, and each of the two ways in which an event concerns a user, is one range of one index in the order
 * of the list. Each range is read by a statement of its own and they are merged here, because PostgreSQL may plan their
 * union so that it reads and sorts everything.
 */
export function createAuditSearch({ reader }: { reader: Database }) {
  return {
    /** At most `limit` events before `before`, with the users whom they name. */
    async list({ limit, ...query }: PageOfEvents): Promise<AuditEvent[]> {
      const found = await Promise.all(
        rangesOf(query).map((range) => newestFirst(range).select<EventRow[]>(columns).limit(limit)),
      );
      const rows = found.flat().sort(byNewest).slice(0, limit);
      const ids = new Set(rows.flatMap(({ user_id, actor_id }) => [user_id, actor_id]));
      ids.delete(null);
      const users = ids.size > 0 ? await readUsers([...ids]) : [];
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
      const places = rangesOf(query).map((range) =>
        reader(
          newestFirst(range)
            .select('id', 'at')
            .limit(count + 1)
            .as('places'),
        ).select('id', 'at'),
      );
      const [last, following] = await newestFirst(reader(reader.unionAll(places).as('all_places')))
        .select<AuditPlace[]>('id', 'at')
        .offset(count - 1)
        .limit(2);
      return following && last;
    },
  };

  function readUsers(ids: readonly (number | null)[]) {
    return reader('users').select('id', 'uid', 'name').whereIn('id', ids);
  }

  function newestFirst(range: ReturnType<Database>) {
    return range.orderBy([
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

/** Times in ISO 8601 are in the order of their texts. */
function byNewest(a: AuditPlace, b: AuditPlace): number {
  if (a.at === b.at) return b.id - a.id;
  return a.at < b.at ? 1 : -1;
}
