import { onFirstUse } from './on-first-use.ts';

const minute = 60_000;
const hour = 60 * minute;
const oneDay = 24 * hour;

export type TimeFormats = ReturnType<typeof createTimeFormats>;

/**
 * Times as texts for a reader with this language (`navigator.language`). The app is in English: a reader of another
 * language gets the British order of day and month, and the 12- or 24-hour clock of their own language. All times are
 * in milliseconds.
 */
export function createTimeFormats(language: string) {
  const locale = validLocale(language);
  const english = /^en\b/.test(locale) ? locale : 'en-GB';
  const clock = onFirstUse(() => {
    const { hourCycle = 'h23' } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
    const hour = hourCycle === 'h12' || hourCycle === 'h11' ? 'numeric' : '2-digit';
    return { hour, minute: '2-digit', hourCycle } as const;
  });
  const monthDay = { day: 'numeric', month: 'short' } as const;
  const relative = onFirstUse(() => new Intl.RelativeTimeFormat('en'));
  const format = (options: () => Intl.DateTimeFormatOptions) =>
    onFirstUse(() => new Intl.DateTimeFormat(english, options()));
  const formats = {
    thisYear: format(() => ({ ...monthDay, ...clock() })),
    otherYear: format(() => ({ ...monthDay, year: 'numeric', ...clock() })),
    exact: format(() => ({
      weekday: 'short',
      ...monthDay,
      year: 'numeric',
      ...clock(),
      second: '2-digit',
      timeZoneName: 'short',
    })),
    clock: format(() => ({ ...clock(), second: '2-digit' })),
    heading: format(() => ({ weekday: 'long', ...monthDay, year: 'numeric' })),
    day: format(() => ({ dateStyle: 'medium', timeZone: 'UTC' })),
    zone: format(() => ({ timeZoneName: 'short' })),
  };

  /** `3 minutes ago`, `in 6 days`, `just now`. */
  const distance = (at: number, now: number): string => {
    const past = at <= now;
    const size = Math.abs(now - at);
    if (size < minute) return past ? 'just now' : 'in less than a minute';
    const [unit, length] =
      size < hour
        ? (['minute', minute] as const)
        : size < oneDay
          ? (['hour', hour] as const)
          : (['day', oneDay] as const);
    const count = Math.floor(size / length);
    return relative().format(past ? -count : count, unit);
  };

  const date = (at: number, now: number): string =>
    formats[isSameYear(at, now) ? 'thisYear' : 'otherYear']().format(at);

  return {
    distance,
    /** What a list shows: `3 minutes ago` up to a day away, then `25 Nov, 16:08`. */
    short: (at: number, now: number): string =>
      Math.abs(now - at) < oneDay ? distance(at, now) : date(at, now),
    /** `Wed, 25 Nov 2026, 16:08:26 GMT+9`. */
    exact: (at: number): string => formats.exact().format(at),
    /** `16:08:26`. */
    clock: (at: number): string => formats.clock().format(at),
    /** `Wednesday 25 November 2026`, or `Today`, `Yesterday`. */
    heading(at: number, now: number): string {
      if (isSameDay(at, now)) return 'Today';
      if (isSameDay(at, now - oneDay)) return 'Yesterday';
      return formats.heading().format(at);
    },
    /** A day without a time, from `YYYY-MM-DD`. */
    day: (isoDay: string): string => formats.day().format(new Date(`${isoDay}T00:00:00Z`)),
    /** The name of the reader's time zone, `GMT+9`. */
    zone: (at: number): string =>
      formats
        .zone()
        .formatToParts(at)
        .find(({ type }) => type === 'timeZoneName')?.value ?? '',
  };
}

/** WebKit on Linux takes its language from `LANG`, which may be `C`: no language tag (BCP 47), and Intl throws. */
function validLocale(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

function isSameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
