import { z } from 'zod';

/** A moment, ISO 8601 in UTC with milliseconds: `2026-01-31T12:00:00.000Z`. */
export const Timestamp = z.iso.datetime();

/**
 * Whether the text is `YYYY-MM-DD` and that day exists. `Date.parse`
 * accepts `2020-02-30`, so it cannot decide.
 */
export function isDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year === 0) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  // No month below 1 or above 12 has a length.
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

/**
 * A moment as a caller may write it: ISO 8601 with `Z` or an offset, or a day (`YYYY-MM-DD`), which is its
 * beginning in UTC. The output is a `Timestamp`.
 */
export const Moment = z
  .union([z.iso.datetime({ offset: true }), z.string().refine(isDay)], {
    error: 'A time must be in ISO 8601, such as 2026-01-31T12:00:00Z or 2026-01-31',
  })
  .transform((text) => new Date(text).toISOString());
