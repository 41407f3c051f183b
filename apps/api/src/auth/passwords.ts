import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import Piscina from 'piscina';
import { createHashPlaces, type HashFor } from './hash-places.ts';
import type { HashTask } from './hash-worker.ts';
import { readLegacyPassword, readStoredPassword } from './password-formats.ts';
import { currentMethods, type PasswordHash, type PasswordMethod } from './password-methods.ts';

/**
 * At about 30 ms each on every core, a full queue is a wait of one or two seconds; a longer one is of no use.
 */
const queuePerThread = 50;

export type Passwords = ReturnType<typeof createPasswords>;

/**
 * Hashes and checks passwords on a bounded pool of threads of its own, so that neither the event loop nor
 * SQLite (which shares libuv's four threads with Node's own crypto) waits behind a sign-in.
 *
 * Every function throws `overloaded` once no place in the queue is left for this use of it.
 */
export function createPasswords({
  passwordHash,
  method = currentMethods[passwordHash],
  threads = availableParallelism(),
}: {
  passwordHash: PasswordHash;
  /** What new passwords are hashed with. A test about something else may take cheaper factors. */
  method?: PasswordMethod;
  threads?: number;
}) {
  const pool = new Piscina<HashTask, string>({
    ...workerFile(),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
  });
  const places = createHashPlaces(threads + threads * queuePerThread);

  return {
    /** What new passwords are hashed with. */
    method,

    /** The text to store for a password, with a salt of its own. */
    hash: (password: string, by: HashFor = 'anyone'): Promise<string> =>
      run({ do: 'hash', password: normalForm(password), method }, by),

    /**
     * Whether the password is the one that is stored. `methodsInUse` are those of all users: a refusal
     * takes the time of one check in each, so that it is the same for a user who does not exist (`stored`
     * undefined). Where that would be more than a refusal may cost, it takes a fixed time.
     */
    async verify(
      password: string,
      stored: string | undefined,
      methodsInUse: readonly PasswordMethod[],
      by: HashFor = 'anyone',
    ): Promise<boolean> {
      return (await this.match(password, stored, methodsInUse, by)) !== undefined;
    },

    /**
     * Like `verify`, and tells which form of the password matched: its normal form, or the text as it was
     * given. Undefined for a wrong password.
     */
    async match(
      password: string,
      stored: string | undefined,
      methodsInUse: readonly PasswordMethod[],
      by: HashFor = 'anyone',
    ): Promise<'normal' | 'as given' | undefined> {
      const normal = normalForm(password);
      const spellings = [...new Set([normal, password])];
      const found = await run(
        { do: 'verify', spellings, stored, methodsInUse: [method, ...methodsInUse] },
        by,
      );
      if (found === '') return undefined;
      return found === normal ? 'normal' : 'as given';
    },

    /** Whether `hash` would store the password in another way, so that a sign-in replaces this one. */
    isOutdated(stored: string, matched: 'normal' | 'as given' = 'normal'): boolean {
      const read = readStoredPassword(stored);
      return matched === 'as given' || read?.method !== method || read.stored.kind === 'wrapped';
    },

    /**
     * What to store for a hash that must not be stored as it is (see `readLegacyPassword`), with argon2id
     * around it. Undefined for every other text.
     */
    async wrap(legacy: string): Promise<string | undefined> {
      const read = readLegacyPassword(legacy);
      if (!read) return undefined;
      return read.wrap(
        await run({ do: 'hash', password: read.digest, method: currentMethods.argon2id }, 'sign-in'),
      );
    },

    /** How many hashes are being made now, and how many wait. */
    queue: () => ({ running: places.taken() - pool.queueSize, waiting: pool.queueSize }),

    close: () => pool.destroy(),
  };

  /**
   * The form of a password that is hashed. Keyboards send an umlaut as one character or as two, so both
   * must be the same password (NIST SP 800-63B, section 3.1.1.2). The Flask app does not normalise: a hash
   * that it checks as well is made over the text as given.
   */
  function normalForm(password: string): string {
    return passwordHash === 'pbkdf2:sha256' ? password : password.normalize('NFC');
  }

  async function run(task: HashTask, by: HashFor): Promise<string> {
    const giveBack = places.take(by);
    try {
      return await pool.run(task);
    } finally {
      giveBack();
    }
  }
}

/** The method of a stored password; '' if its form is unknown. */
export function methodOf(stored: string): PasswordMethod {
  return readStoredPassword(stored)?.method ?? '';
}

/** The worker is beside this module, in TypeScript or built. */
function workerFile(): { filename: string; execArgv?: string[] } {
  const inSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(
    new URL(inSource ? './hash-worker.ts' : './hash-worker.js', import.meta.url),
  );
  return inSource ? { filename, execArgv: ['--import', 'tsx'] } : { filename };
}
