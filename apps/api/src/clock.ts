export type Clock = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The moment `secondsFromNow` (now, if left out), in ISO 8601: the form of the wire and of the rows. */
  readonly timestamp: (secondsFromNow?: number) => string;
};

/**
 * Tells the time of day. No other module asks the system for it, so that a test can move every clock at once.
 */
export function createClock(now: () => number = Date.now): Clock {
  // A busy process asks several times in one millisecond, and the text costs half a microsecond.
  let last = { ms: Number.NaN, text: '' };
  const textOf = (ms: number): string => {
    if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
    return last.text;
  };
  return { now, timestamp: (secondsFromNow = 0) => textOf(now() + secondsFromNow * 1000) };
}
