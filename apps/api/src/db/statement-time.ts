import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database } from './connect.ts';

export type StatementTime = ReturnType<typeof createStatementTime>;

type Spent = { ms: number };
type Query = { readonly __knexQueryUid: string };

/**
 * How long the statements of each request take.
 *
 * Following a request through its promises makes every promise slower, so it is done while somebody watches
 * only. A statement that several requests share counts for the first of them.
 */
export function createStatementTime(databases: ReadonlySet<Database>) {
  const storage = new AsyncLocalStorage<Spent>();
  const begun = new Map<string, { readonly at: number; readonly spent: Spent }>();

  for (const db of databases) {
    db.on('query', ({ __knexQueryUid }: Query) => {
      const spent = storage.getStore();
      if (spent) begun.set(__knexQueryUid, { at: performance.now(), spent });
    });
    const end = ({ __knexQueryUid }: Query) => {
      const statement = begun.get(__knexQueryUid);
      if (!statement) return;
      begun.delete(__knexQueryUid);
      statement.spent.ms += performance.now() - statement.at;
    };
    db.on('query-response', (_rows: unknown, query: Query) => end(query));
    db.on('query-error', (_error: unknown, query: Query) => end(query));
  }

  return {
    /** Runs the rest of a request; `spent.ms` grows with each of its statements. */
    measure(spent: Spent, run: () => void): void {
      storage.run(spent, run);
    },
  };
}
