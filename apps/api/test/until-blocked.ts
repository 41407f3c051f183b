import { expect } from 'vitest';
import { type Api, engine } from './start-api.ts';

const waitsForLock = "datname = current_database() and wait_event_type = 'Lock'";

/** Resolves when a request waits for what an open transaction of the test has locked. */
export async function untilBlocked({ db }: Pick<Api, 'db'>): Promise<void> {
  const isBlocked = async () =>
    engine === 'sqlite'
      ? db.client.pool.numPendingAcquires() > 0
      : (await db('pg_stat_activity').whereRaw(waitsForLock)).length > 0;
  await expect.poll(isBlocked).toBe(true);
}
