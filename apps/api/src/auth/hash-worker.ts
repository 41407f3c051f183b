import { pbkdf2Sync, randomInt, scryptSync, timingSafeEqual } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';
import { type PasswordMethod, readStoredPassword, type StoredPassword } from './password-formats.ts';

/** Work for a thread of the password pool. */
export type HashTask =
  | { readonly do: 'hash'; readonly password: string; readonly method: PasswordMethod }
  | {
      readonly do: 'verify';
      readonly password: string;
      readonly stored: string | undefined;
      readonly decoys: readonly PasswordMethod[];
    };

/** argon2id, by the number that the library's const enum gives it. */
const argon2idAlgorithm = 2;

stepBehindTheEventLoop();

/** Runs one task. `hash` gives the text to store; `verify` gives '' for a wrong password and 'ok' for the right one. */
export default function run(task: HashTask): string {
  if (task.do === 'hash') return hash(task.password, task.method);
  return verify(task.password, task.stored, task.decoys) ? 'ok' : '';
}

function verify(password: string, text: string | undefined, decoys: readonly PasswordMethod[]): boolean {
  const read = text === undefined ? undefined : readStoredPassword(text);
  const isMatch = read && attempt(() => matches(password, read.stored));
  if (isMatch) return true;
  // A refusal costs one check in each format in use, whichever format the user has and whether there is one: the
  // time that it takes says nothing. Only a check that was made counts as one.
  for (const method of decoys)
    if (isMatch === undefined || method !== read?.method) attempt(() => hash(password, method));
  return false;
}

/** Undefined where a library refuses: what stands in a row that cannot be checked lets nobody in, and fails nobody's sign-in. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function matches(password: string, stored: StoredPassword): boolean {
  if (stored.kind === 'argon2id') return verifySync(stored.text, password);
  return timingSafeEqual(stored.hash, derive(password, stored));
}

function derive(password: string, stored: Exclude<StoredPassword, { kind: 'argon2id' }>): Buffer {
  if (stored.kind === 'pbkdf2') return pbkdf2Sync(password, stored.salt, stored.iterations, 32, 'sha256');
  const { n, r, p, salt } = stored;
  // What OpenSSL takes: N + 2 blocks of 128 r bytes, and p more.
  return scryptSync(password, salt, 64, { N: n, r, p, maxmem: 128 * r * (n + p + 2) + 1 });
}

function hash(password: string, method: PasswordMethod): string {
  const [kind, ...factors] = method.split(':');
  if (kind === 'argon2id') {
    const [memoryCost = 0, timeCost = 0, parallelism = 0] = factors.map(Number);
    return hashSync(password, { algorithm: argon2idAlgorithm, memoryCost, timeCost, parallelism });
  }
  const salt = makeSalt();
  if (kind === 'pbkdf2') {
    const iterations = Number(factors[1]);
    return `${method}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('hex')}`;
  }
  const [n = 0, r = 0, p = 0] = factors.map(Number);
  return `${method}$${salt}$${derive(password, { kind: 'scrypt', n, r, p, salt, hash: Buffer.alloc(0) }).toString('hex')}`;
}

/** Ten characters of Werkzeug's alphabet, which is what the Flask app makes and reads. */
function makeSalt(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Lowers this thread's priority, so that hashing takes what the event loop leaves of a core, and never the other way round. */
function stepBehindTheEventLoop(): void {
  try {
    // On Linux a thread has an id of its own, and its priority is set by that.
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(threadId, 10);
  } catch {
    // Elsewhere threads share the process's priority, and hashing still is on threads of its own.
  }
}
