import type { Handlers } from '../http/call.ts';
import { cursorOf, pageOf } from '../http/page.ts';
import type { AuditStore } from './store.ts';

export function createAuditHandlers({ audit }: { audit: AuditStore }): Pick<Handlers, 'listAuditEvents'> {
  return {
    async listAuditEvents({ query: { limit, after } }) {
      const cursor = cursorOf(after);
      const rows = await audit.list({ limit: limit + 1, before: cursor === undefined ? undefined : Number(cursor) });
      return pageOf(rows, limit, ({ id }) => id);
    },
  };
}
