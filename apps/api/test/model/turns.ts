import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';

/** A connection of a process, as far as the order of statements needs it. */
export type Sender = { readonly name: string; inTransaction: boolean };

export type Turns = ReturnType<typeof createTurns>;

/** A statement that has run for so long waits for another one's lock. */
const blockedAfterMs = 4;

/** Longer than any time-out of the services: nothing has happened for so long only in a deadlock. */
const stuckAfterMs = 60_000;

/**
 * Decides which statement runs next while operations run at the same time. Each statement of every process waits for
 * the scheduler, which releases one after the other in an order that the seed determines.
 *
 * SQLite has one write lock, and a statement that waits for it sleeps for longer and longer. So a statement that needs
 * the lock is not offered to the scheduler while another connection has it.
 */
export function createTurns({ hasOneWriter, isBusy }: { hasOneWriter: boolean; isBusy: () => boolean }) {
  let scheduler: Scheduler | undefined;
  let writer: Sender | undefined;
  let waiting: (() => void)[] = [];
  const running = new Map<object, number>();
  let news = 0;
  let newsAt = 0;
  let tell = () => {};

  return {
    /** To be called when something other than a statement has ended. */
    note,

    /** Resolves when the statement may be sent; returns the function to call when it has ended. */
    async enter(sender: Sender, sql: string): Promise<() => void> {
      const takesLock = hasOneWriter && needsLock(sql);
      while (scheduler) {
        while (takesLock && writer && writer !== sender)
          await new Promise<void>((resolve) => waiting.push(resolve));
        note();
        await scheduler.schedule(Promise.resolve(), `${sender.name}: ${sql.slice(0, 60)}`);
        if (!takesLock || !writer || writer === sender) break;
      }
      if (takesLock) writer = sender;
      if (/^begin/i.test(sql)) sender.inTransaction = true;
      const key = {};
      running.set(key, performance.now());
      return () => {
        running.delete(key);
        note();
        if (/^(commit|rollback)/i.test(sql)) sender.inTransaction = false;
        if (writer === sender && !sender.inTransaction) free();
      };
    },

    /** A connection that is gone has no lock. */
    leave(sender: Sender): void {
      sender.inTransaction = false;
      if (writer === sender) free();
    },

    /** Runs the operations at the same time, their statements in the order that the scheduler chooses. */
    async interleave<Result>(
      by: Scheduler,
      operations: readonly (() => Promise<Result>)[],
    ): Promise<Result[]> {
      scheduler = by;
      newsAt = performance.now();
      let unfinished = operations.length;
      const results = operations.map(async (operation) => {
        try {
          return await operation();
        } finally {
          unfinished -= 1;
          note();
        }
      });
      const all = Promise.all(results);
      // Handled below; without this a rejection before then would end the process.
      all.catch(() => undefined);
      while (unfinished > 0) {
        await settle();
        if (by.count() > 0) await by.waitNext(1);
        if (performance.now() - newsAt > stuckAfterMs) throw new Error('An operation does not end');
      }
      scheduler = undefined;
      // Of operations that gave up before their statement was sent.
      while (by.count() > 0) await by.waitNext(1);
      return all;
    },
  };

  /** Waits until every operation has a statement before the scheduler or behind a lock, as far as one can see. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = news;
      const youngest = Math.max(...running.values());
      const leftMs = blockedAfterMs - (performance.now() - youngest);
      const isWorking = leftMs > 0 || isBusy();
      // No turn of the event loop is spent on waiting for the database or a hash.
      if (isWorking) await somethingNew(Math.max(1, leftMs));
      else await nextTurn();
      quiet = news === before && !isWorking ? quiet + 1 : 0;
    }
  }

  /** Resolves when an operation has got further, at the latest after `ms`. */
  function somethingNew(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      tell = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function note(): void {
    news += 1;
    newsAt = performance.now();
    tell();
  }

  function free(): void {
    writer = undefined;
    const released = waiting;
    waiting = [];
    for (const release of released) release();
  }
}

function needsLock(sql: string): boolean {
  return /^(begin immediate|insert|update|delete|replace)\b/i.test(sql);
}
