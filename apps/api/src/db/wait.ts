import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Database, isPostgres } from './connect.ts';
import { isUnavailable } from './failures.ts';

const attempts = 30;

/**
 * Waits for the database, half a minute at most: in a deployment the two start together. Throws what the last attempt threw.
 * A file is started by nobody, so what is wrong with that one is thrown at once.
 */
export async function waitForDatabase(db: Database, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.raw('select 1');
      return;
    } catch (error) {
      if (!isPostgres(db) || !isUnavailable(error) || attempt === attempts) throw error;
      log.warn({ attempt, of: attempts }, 'the database does not answer yet');
      await delay(1000);
    }
  }
}
