import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { onFirstUse } from './on-first-use.ts';
import { createTimeFormats } from './time-formats.ts';

export const times = createTimeFormats(navigator.language);

const seconds = onFirstUse(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }));

/** The current time in milliseconds, updated every second. */
export function useNow(now: () => number): number {
  const [value, setValue] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setValue(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  return value;
}

/** `3 seconds ago`, `in 2 hours`: for a token, whose life is counted in seconds. Both times in milliseconds. */
export function relativeTime(at: number, now: number): string {
  if (Math.abs(at - now) >= 60_000) return times.distance(at, now);
  return seconds().format(Math.trunc((at - now) / 1000), 'second');
}

/** The exact time with seconds and zone, in the reader's clock. */
export function absoluteTime(milliseconds: number): string {
  return times.exact(milliseconds);
}

/** `1:02:03`, `02:03`; never below zero. */
export function countdown(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const rest = `${pad(Math.floor((total % 3600) / 60))}:${pad(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

type MomentProps = {
  /** ISO 8601. */
  at: string;
  /** The current time in milliseconds. */
  now: () => number;
  /** `distance` shows `in 6 days` where `short` shows the date. */
  form?: 'short' | 'distance';
};

/**
 * A time in its short form. Hovering, focusing or pressing it shows the distance and the exact time; Escape hides
 * them (WCAG 2.2, 1.4.13). Screen readers read both forms.
 */
export function Moment({ at, now, form = 'short' }: MomentProps) {
  useMinutes(now);
  const [place, setPlace] = useState<Place>();
  const button = useRef<HTMLButtonElement>(null);
  const milliseconds = Date.parse(at);
  const exact = times.exact(milliseconds);
  const show = () => setPlace(button.current ? placeBelow(button.current) : undefined);
  const hide = () => setPlace(undefined);
  useDismissal(place !== undefined, hide);
  return (
    <button
      ref={button}
      type="button"
      onMouseEnter={show}
      onMouseLeave={hide}
      onFocus={show}
      onBlur={hide}
      onClick={show}
      className="relative z-1 cursor-help rounded-sm text-left underline decoration-edge/50 decoration-dotted underline-offset-3"
    >
      <time dateTime={at}>{times[form](milliseconds, now())}</time>
      <span className="sr-only"> ({exact})</span>
      {place && (
        <span
          aria-hidden
          style={place}
          className="pointer-events-none fixed z-50 w-max max-w-64 rounded-lg border border-line bg-surface px-3 py-2 text-ink text-sm shadow-float"
        >
          <span className="block font-medium">{times.distance(milliseconds, now())}</span>
          <span className="block">{exact}</span>
        </span>
      )}
    </button>
  );
}

/** A date without a time, `YYYY-MM-DD`. */
export function Day({ date }: { date: string }) {
  return <time dateTime={date}>{times.day(date)}</time>;
}

type Place = { left: number; top: number };

const tipWidth = 264;

/** Below the element, or above it at the end of the window; never beyond the window's edge, which would add a scrollbar. */
function placeBelow(element: HTMLElement): Place {
  const { left, top, bottom } = element.getBoundingClientRect();
  const isLow = bottom + 72 > window.innerHeight;
  return {
    left: Math.max(8, Math.min(left, window.innerWidth - tipWidth)),
    top: isLow ? top - 68 : bottom + 4,
  };
}

/** The tip stays at a place in the window, so it would part from its time when the page scrolls. */
function useDismissal(isShown: boolean, hide: () => void) {
  const latest = useRef(hide);
  latest.current = hide;
  useEffect(() => {
    if (!isShown) return;
    const dismiss = () => latest.current();
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && dismiss();
    window.addEventListener('scroll', dismiss, { capture: true, passive: true });
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('scroll', dismiss, { capture: true });
      window.removeEventListener('keydown', onKey);
    };
  }, [isShown]);
}

/** Draws the component again when a minute has passed. One timer serves all times of a page. */
function useMinutes(now: () => number) {
  useSyncExternalStore(subscribeToTicks, () => Math.floor(now() / 60_000));
}

const tickListeners = new Set<() => void>();
let ticks: ReturnType<typeof setInterval> | undefined;

function subscribeToTicks(listener: () => void) {
  tickListeners.add(listener);
  ticks ??= setInterval(() => {
    for (const each of tickListeners) each();
  }, 5000);
  return () => {
    tickListeners.delete(listener);
    if (tickListeners.size > 0) return;
    clearInterval(ticks);
    ticks = undefined;
  };
}
