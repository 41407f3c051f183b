import { useEffect, useState } from 'react';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The current time in milliseconds, updated every second. */
export function useNow(now: () => number): number {
  const [value, setValue] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setValue(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  return value;
}

/** `3 minutes ago`, `in 2 hours`. */
export function relativeTime(milliseconds: number, nowMilliseconds: number): string {
  const seconds = Math.round((milliseconds - nowMilliseconds) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function absoluteTime(milliseconds: number): string {
  return absolute.format(milliseconds);
}

/** `1:02:03`, `02:03`; never below zero. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A relative time, with the exact one on hover. `at` is ISO 8601. */
export function Moment({ at, now }: { at: string; now: number }) {
  const milliseconds = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(milliseconds)}>
      {relativeTime(milliseconds, now)}
    </time>
  );
}

/** A date without a time, `YYYY-MM-DD`. */
export function Day({ date }: { date: string }) {
  return <time dateTime={date}>{day.format(new Date(`${date}T00:00:00Z`))}</time>;
}
