import type { AuditEvent } from '@signet/contracts';
import { refusal } from '../errors.ts';
import type { Handlers, Pages, Principal } from '../http/call.ts';
import { cursorOf, fittingLimit, pageOf } from '../http/page.ts';
import { requireAdmin } from '../http/require-admin.ts';
import type { AuditFilter, AuditPlace } from './search-store.ts';
import type { AuditStore } from './store.ts';

type AuditHandlerDeps = {
  readonly audit: Pick<AuditStore, 'list' | 'findEnd'>;
  /** The principal of a session as the database has it now, or undefined if it has ended or its user was deleted. */
  readonly askPrincipal: (session_id: string) => Promise<Principal | undefined>;
};

/** One answer has at most so many events as CSV; they are read so many at once. */
const mostExported = 50_000;
const readAtOnce = 100;

/** The audit log: events, newest first, a page at a time as JSON, or all at once as CSV. */
export function createAuditHandlers({
  audit,
  askPrincipal,
}: AuditHandlerDeps): Pick<Handlers, 'listAuditEvents'> {
  return {
    async listAuditEvents({ query: { limit, after, ...filter }, principal, format }) {
      const before = placeIn(after);
      if (format === 'csv') return exported({ ...filter, before }, principal);
      const rows = await audit.list({ ...filter, limit: limit + 1, before });
      return pageOf(rows, fittingLimit(rows, limit), keyOf);
    },
  };

  async function exported(
    query: AuditFilter & { before: AuditPlace | undefined },
    principal: Principal,
  ): Promise<Pages<AuditEvent>> {
    const end = await audit.findEnd(query, mostExported);
    const next = end && Buffer.from(keyOf(end)).toString('base64url');
    return { pages: pagesTo(end, query, principal), next };
  }

  async function* pagesTo(
    end: AuditPlace | undefined,
    { before: start, ...filter }: AuditFilter & { before: AuditPlace | undefined },
    { session_id }: Principal,
  ) {
    for (let before = start; ; ) {
      const rows = await audit.list({ ...filter, limit: readAtOnce, before });
      const last = rows.findIndex(({ id }) => id === end?.id);
      yield last < 0 ? rows : rows.slice(0, last + 1);
      before = rows.at(-1);
      if (last >= 0 || rows.length < readAtOnce) return;
      // A slow reader can be at it for hours, in which an admin is demoted or signed out.
      const caller = await askPrincipal(session_id);
      if (!caller) throw refusal('session');
      requireAdmin(caller);
    }
  }
}

function keyOf({ at, id }: AuditPlace): string {
  return `${Date.parse(at)}.${id}`;
}

function placeIn(cursor: string | undefined): AuditPlace | undefined {
  // Thirteen digits of milliseconds reach to the year 2286. Later moments do not fit into every database.
  const [milliseconds, id] =
    cursorOf(cursor, /^\d{1,13}\.\d{1,9}$/)
      ?.split('.')
      .map(Number) ?? [];
  if (milliseconds === undefined || id === undefined) return undefined;
  return { at: new Date(milliseconds).toISOString(), id };
}
