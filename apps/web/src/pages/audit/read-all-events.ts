import { asCsv, endpoints } from '@signet/contracts';
import type { AuditFilter, useCall } from '../queries.ts';

/** All events that the filter finds as one CSV file, read page by page. */
export async function readAllEvents(call: ReturnType<typeof useCall>, filter: AuditFilter): Promise<Blob> {
  const parts: Blob[] = [];
  let after: string | undefined;
  do {
    const { csv, next } = await call(asCsv(endpoints.listAuditEvents), { query: { ...filter, after } });
    parts.push(parts.length === 0 ? csv : await withoutHeader(csv));
    after = next;
  } while (after !== undefined);
  return new Blob(parts, { type: 'text/csv' });
}

/** Each answer begins with the names of the columns, and one file has them once. */
async function withoutHeader(csv: Blob): Promise<Blob> {
  const text = await csv.text();
  return new Blob([text.slice(text.indexOf('\n') + 1)]);
}
