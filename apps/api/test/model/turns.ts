import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';

/** A connection of a process, as far as the order of statements needs it. */
export type Sender = { readonly name: string; inTransaction: boolean };

export type Turns = ReturnType<typeof createTurns>;

/** A statement that has run for so long waits for another one's lock. */
const blockedAfterMs = 4;

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

  return {
    /** Resolves when the statement may be sent; returns the function to call when it has ended. */
    async enter(sender: Sender, sql: string): Promise<() => void> {
      const takesLock = hasOneWriter && needsLock(sql);
      while (scheduler) {
        while (takesLock && writer && writer !== sender)
          await new Promise<void>((resolve) => waiting.push(resolve));
        news += 1;
        await scheduler.schedule(Promise.resolve(), `${sender.name}: ${sql.slice(0, 60)}`);
        if (!takesLock || !writer || writer === sender) break;
      }
      if (takesLock) writer = sender;
      if (/^begin/i.test(sql)) sender.inTransaction = true;
      const key = {};
      running.set(key, performance.now());
      return () => {
        running.delete(key);
        news += 1;
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
      let unfinished = operations.length;
      const results = operations.map(async (operation) => {
        try {
          return await operation();
        } finally {
          unfinished -= 1;
          news += 1;
        }
      });
      const all = Promise.all(results);
      // Handled below; without this a rejection before then would end the process.
      all.catch(() => undefined);
      while (unfinished > 0) {
        await settle();
        if (by.count() > 0) await by.waitNext(1);
      }
      scheduler = undefined;
      return all;
    },
  };

  /** Waits until every operation has a statement before the scheduler or behind a lock, as far as one can see. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = news;
      await nextTurn();
      const isBlocked = [...running.values()].every((since) => performance.now() - since > blockedAfterMs);
      quiet = news === before && isBlocked && !isBusy() ? quiet + 1 : 0;
    }
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
