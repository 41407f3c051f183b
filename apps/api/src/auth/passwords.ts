import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import Piscina from 'piscina';
import { AppError } from '../errors.ts';
import type { HashTask } from './hash-worker.ts';
import {
  currentMethods,
  type PasswordHash,
  type PasswordMethod,
  readStoredPassword,
} from './password-formats.ts';

/** At about 30 ms each on every core, a full queue is a wait of one or two seconds; a longer one helps nobody. */
const queuePerThread = 50;

export type Passwords = ReturnType<typeof createPasswords>;

/**
 * Hashes and checks passwords on a bounded pool of threads of its own, so that neither the event loop nor SQLite
 * (which shares libuv's four threads with Node's own crypto) waits behind a sign-in.
 *
 * Every function throws `overloaded` once the queue is full.
 */
export function createPasswords({
  passwordHash,
  threads = availableParallelism(),
}: {
  passwordHash: PasswordHash;
  threads?: number;
}) {
  const method = currentMethods[passwordHash];
  const pool = new Piscina<HashTask, string>({
    ...workerFile(),
    minThreads: 0,
    maxThreads: threads,
    maxQueue: threads * queuePerThread,
    idleTimeout: 60_000,
  });
  let underWay = 0;

  return {
    /** The text to store for a password, with a salt of its own. */
    hash: (password: string): Promise<string> => run({ do: 'hash', password, method }),

    /**
     * Whether the password is the one that is stored. `methodsInUse` are those of all users: a refusal takes the
     * time of one check in each, so that it is the same for a user who does not exist (`stored` undefined).
     */
    async verify(
      password: string,
      stored: string | undefined,
      methodsInUse: readonly PasswordMethod[],
    ): Promise<boolean> {
      const decoys = [...new Set([method, ...methodsInUse])];
      return (await run({ do: 'verify', password, stored, decoys })) === 'ok';
    },

    /** Whether this is not how the configuration makes them, so that it is replaced when the password is next at hand. */
    isOutdated: (stored: string): boolean => methodOf(stored) !== method,

    /** How many hashes are being made at this moment, and how many wait. */
    queue: () => ({ running: underWay - pool.queueSize, waiting: pool.queueSize }),

    close: () => pool.destroy(),
  };

  function run(task: HashTask): Promise<string> {
    underWay += 1;
    return pool
      .run(task)
      .catch((cause: unknown) => {
        if (!(cause instanceof Error) || cause.message !== 'Task queue is at limit') throw cause;
        throw new AppError('overloaded', 'Too many sign-ins are waiting', { retryAfterSeconds: 2, cause });
      })
      .finally(() => {
        underWay -= 1;
      });
  }
}

/** The method that a stored password was made with; '' for one that cannot be read. */
export function methodOf(stored: string): PasswordMethod {
  return readStoredPassword(stored)?.method ?? '';
}

/** The worker stands beside this module, in TypeScript or built. */
function workerFile(): { filename: string; execArgv?: string[] } {
  const inSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(
    new URL(inSource ? './hash-worker.ts' : './hash-worker.js', import.meta.url),
  );
  return inSource ? { filename, execArgv: ['--import', 'tsx'] } : { filename };
}
