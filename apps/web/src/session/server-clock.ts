import { z } from 'zod';

const key = 'signet-clock-offset';
const OffsetMilliseconds = z.coerce.number().int().min(-1e12).max(1e12);

/** Below this the difference is the answer's way through the network and `iat`'s whole seconds, not a wrong clock. */
const toleranceMilliseconds = 3000;

export type ServerClock = ReturnType<typeof createServerClock>;

/**
 * The server's time, as far as it is known here: this machine's clock, corrected by what the server last said.
 * The correction is stored, because a reload has no fresh answer to learn it from.
 */
export function createServerClock({ storage, now }: { storage: Storage; now: () => number }) {
  const offset = () => OffsetMilliseconds.safeParse(storage.getItem(key) ?? 0).data ?? 0;

  return {
    now: () => now() + offset(),
    offset,
    observe(serverMilliseconds: number) {
      if (!Number.isFinite(serverMilliseconds)) return;
      const measured = Math.round(serverMilliseconds - now());
      if (Math.abs(measured) < toleranceMilliseconds) storage.removeItem(key);
      else storage.setItem(key, String(measured));
    },
  };
}
