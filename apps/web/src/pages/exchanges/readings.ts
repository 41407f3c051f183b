const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** The time of day of a moment, in milliseconds since 1970, as the reader's language writes it. */
export function clock(milliseconds: number): string {
  return clockFormat.format(milliseconds);
}

/** A duration with its unit; below 10 ms with one decimal. */
export function shortMilliseconds(milliseconds: number): string {
  return `${milliseconds > 0 && milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
