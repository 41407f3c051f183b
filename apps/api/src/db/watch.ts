import type { Database } from './connect.ts';

/** knex's names for statements that change nothing. */
const reading = new Set(['select', 'first', 'pluck']);

/**
 * Calls `onEnd` whenever a connection is done with statements that may have changed rows: after the commit, after the
 * rollback, and after a failure whose outcome nobody knows. Always before their caller goes on.
 *
 * It watches the pool and not the call sites, so that no write can be forgotten.
 */
export function watchWrites(db: Database, onEnd: () => void): void {
  const writing = new Set<string>();
  db.client.on('query', ({ __knexUid, method }: { __knexUid: string; method?: string }) => {
    if (method === undefined || !reading.has(method)) writing.add(__knexUid);
  });
  db.client.pool.on('release', ({ __knexUid }: { __knexUid: string }) => {
    if (writing.delete(__knexUid)) onEnd();
  });
}

/** Calls `onConnect` whenever the pool has opened a connection: also one that replaces a broken one. */
export function watchConnections(db: Database, onConnect: () => void): void {
  db.client.pool.on('createSuccess', onConnect);
}
