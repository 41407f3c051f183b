import { z } from 'zod';
import type { TextStore } from '../browser/storage.ts';

const key = 'signet-clock-offset';
const OffsetMilliseconds = z.coerce.number().int().min(-1e12).max(1e12);

/** A smaller difference comes from the network and from `iat`'s whole seconds, not from a wrong clock. */
const toleranceMilliseconds = 3000;

export type ServerClock = ReturnType<typeof createServerClock>;

/**
 * The server's time in milliseconds: this machine's clock, corrected by the server's last answer. The correction is
 * stored, because after a reload there is no answer yet to learn it from.
 */
export function createServerClock({ storage, now }: { storage: TextStore; now: () => number }) {
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
