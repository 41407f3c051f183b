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
  return { now, timestamp: (secondsFromNow = 0) => new Date(now() + secondsFromNow * 1000).toISOString() };
}
