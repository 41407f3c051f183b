import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { codeOf } from '../errors.ts';
import { type Database, isPostgres } from './connect.ts';
import { isUnavailable } from './failures.ts';

const attempts = 30;
/** A name that nobody answers to is more often a typing error than a server that is still starting. */
const attemptsForName = 5;

/**
 * Waits for PostgreSQL for at most half a minute, because in a deployment both start at the same time.
 * Throws the error of the last attempt. An error of SQLite is thrown at once: waiting does not help,
 * because no server is starting.
 */
export async function waitForDatabase(db: Database, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.raw('select 1');
      return;
    } catch (error) {
      const most = codeOf(error) === 'ENOTFOUND' ? attemptsForName : attempts;
      if (!isPostgres(db) || !isUnavailable(error) || attempt >= most) throw error;
      log.warn({ attempt, of: attempts, reason: codeOf(error) }, 'the database does not answer yet');
      await delay(1000);
    }
  }
}
