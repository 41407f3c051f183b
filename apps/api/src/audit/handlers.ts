import type { Handlers } from '../http/call.ts';
import { numbersInCursor, pageOf } from '../http/page.ts';
import type { AuditStore } from './store.ts';

/**
 * Handler of the audit log: events, newest first, a page at a time. The cursor is the id of the last event
 * shown; a malformed one throws `invalid_request`.
 */
export function createAuditHandlers({ audit }: { audit: AuditStore }): Pick<Handlers, 'listAuditEvents'> {
  return {
    async listAuditEvents({ query: { limit, after } }) {
      const [before] = numbersInCursor(after);
      return pageOf(await audit.list({ limit: limit + 1, before }), limit, ({ id }) => id);
    },
  };
}
