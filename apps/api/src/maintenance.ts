import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './db/connect.ts';
import { createLimits } from './limits/service.ts';
import { createSessionStore } from './sessions/store.ts';

const hour = 60 * 60 * 1000;

/** Removes what has run out, now and every hour; the function that it gives stops it. Any number of processes may do it at once. */
export function createMaintenance({
  db,
  config,
  log,
}: {
  db: Database;
  config: Config;
  log: Logger;
}): () => void {
  const limits = createLimits({ db, now: Date.now });
  const sessions = createSessionStore({ db, reader: db, now: Date.now, ...config.sessions });
  const run = async () => {
    try {
      await limits.sweep();
      await sessions.sweep();
    } catch (err) {
      log.warn({ err }, 'clearing away what has run out failed; it is tried again in an hour');
    }
  };
  void run();
  const timer = setInterval(run, hour);
  return () => clearInterval(timer);
}
