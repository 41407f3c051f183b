import { AuditEventName, IdParams, isDay, refusalEvents } from '@signet/contracts';
import { useMemo } from 'react';
import { useAddressParams } from '../address-params.ts';
import type { AuditFilter } from '../queries.ts';

/** In the address for all events that record a refusal. */
export const refusedOnly = 'refused' as const;

type Name = 'event' | 'user' | 'from' | 'to';

/**
 * What the log shows, which is in the address: `event`, `user` (an id), `from` and `to`, which are days of the reader's time
 * zone, both included. What the address has and the API would refuse is left out.
 */
export function useAuditSearch() {
  const { params, set, reset } = useAddressParams();
  const key = params.toString();
  const values = useMemo(() => valuesOf(new URLSearchParams(key)), [key]);
  const filter = useMemo(() => filterOf(values), [values]);
  return {
    ...values,
    filter,
    isFiltered: Object.keys(filter).length > 0,
    set: (name: Name, value: string) => set(name, value),
    reset,
  };
}

function valuesOf(params: URLSearchParams) {
  const event = params.get('event');
  const day = (name: string) => {
    const text = params.get(name) ?? '';
    return isDay(text) ? text : '';
  };
  return {
    event: event === refusedOnly ? event : (AuditEventName.safeParse(event).data ?? ('' as const)),
    user: IdParams.safeParse({ id: params.get('user') }).data?.id,
    from: day('from'),
    to: day('to'),
  };
}

function filterOf({ event, user, from, to }: ReturnType<typeof valuesOf>): AuditFilter {
  return {
    ...(event && { event: event === refusedOnly ? [...refusalEvents] : [event] }),
    ...(user !== undefined && { user }),
    ...(from && { from: beginningOf(from, 0) }),
    ...(to && { to: beginningOf(to, 1) }),
  };
}

/** The beginning of the day in the reader's time zone, or of a day after it. */
function beginningOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}
