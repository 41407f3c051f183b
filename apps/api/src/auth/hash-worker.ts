import { randomInt, timingSafeEqual } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';
import { derivationOf, derive, uncountedDerivations } from './derivation.ts';
import { readStoredPassword, type StoredPassword } from './password-formats.ts';
import { costOf, currentMethods, maxRefusalMs, type PasswordMethod, stepsOf } from './password-methods.ts';

/** Work for a thread of the password pool. */
export type HashTask =
  | { readonly do: 'hash'; readonly password: string; readonly method: PasswordMethod }
  | {
      readonly do: 'verify';
      /** The Unicode forms of the password that may match, the likeliest first. */
      readonly spellings: readonly string[];
      readonly stored: string | undefined;
      /** Those of all users. */
      readonly methodsInUse: readonly PasswordMethod[];
    };

/** argon2id, by the number that the library's const enum gives it. */
const argon2idAlgorithm = 2;

stepBehindTheEventLoop();

/**
 * Runs one task. `hash` gives the text to store; `verify` gives the spelling
 * that matches, or '' for a wrong password.
 */
export default function run(task: HashTask): string {
  if (task.do === 'hash') return hash(task.password, task.method);
  return verify(task.spellings, task.stored, task.methodsInUse) ?? '';
}

/**
 * A failed check takes every step of every method in use for each spelling, also for unknown users, so that
 * its time reveals nothing. Only a check that ran to its end counts for its own steps.
 */
function verify(
  spellings: readonly string[],
  text: string | undefined,
  methodsInUse: readonly PasswordMethod[],
): string | undefined {
  const [beganAt, cpuBefore] = [performance.now(), threadCpuMs()];
  const read = text === undefined ? undefined : readStoredPassword(text);
  let isChecked = read !== undefined;
  for (const spelling of spellings) {
    const isMatch = read && attempt(() => matches(spelling, read.stored));
    if (isMatch) return spelling;
    if (isMatch === undefined) isChecked = false;
  }
  // A table filled before the sum was bounded may hold more methods than a refusal can pay for;
  // and two spellings cost twice as much.
  if (costOf(...methodsInUse) * spellings.length > maxRefusalMs) {
    sleepUntil(beganAt + maxRefusalMs);
    return undefined;
  }
  const own = stepsOf(isChecked && read ? [read.method] : []);
  for (const spelling of spellings) {
    for (const step of stepsOf(methodsInUse)) {
      // A bound for slow cores only. It counts processor time, because time on the clock would leave out
      // steps for some users and not for others whenever the machine is busy.
      if (threadCpuMs() - cpuBefore > maxRefusalMs) return undefined;
      if (!own.has(step)) attempt(() => runStep(spelling, step));
    }
  }
  return undefined;
}

/**
 * Undefined if the library throws: a stored hash that it cannot check counts as a
 * wrong password, not as a server error.
 */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function matches(password: string, stored: StoredPassword): boolean {
  if (stored.kind === 'argon2id') return verifySync(stored.text, password);
  if (stored.kind === 'derived') return timingSafeEqual(stored.hash, derive(password, stored.derivation));
  return stored.derivations.some((each) => verifySync(stored.text, derive(password, each).toString('hex')));
}

/** The same work as a check's, for nothing but its time. */
function runStep(password: string, step: string): void {
  const [kind, hashName = ''] = step.split(':');
  const derivations =
    kind === 'uncounted'
      ? uncountedDerivations(hashName, 'no salt')
      : [derivationOf(step, 'no salt')].filter((each) => each !== undefined);
  if (kind === 'argon2id') hash(password, step);
  for (const each of derivations) {
    const digest = derive(password, each).toString('hex');
    if (kind === 'uncounted') hash(digest, currentMethods.argon2id);
  }
}

/** The processor time that this thread has used; on systems that do not say, the time on the clock. */
function threadCpuMs(): number {
  try {
    const [nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1);
    return Number(nanoseconds) / 1e6;
  } catch {
    return performance.now();
  }
}

/** Blocks the thread, as the work would that it stands for, and uses no processor. */
function sleepUntil(end: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, end - performance.now()));
}

/** `method` is one of those that this installation makes, or argon2id with other factors. */
function hash(password: string, method: PasswordMethod): string {
  const [kind, ...factors] = method.split(':');
  if (kind === 'argon2id') {
    const [memoryCost = 0, timeCost = 0, parallelism = 0] = factors.map(Number);
    return hashSync(password, { algorithm: argon2idAlgorithm, memoryCost, timeCost, parallelism });
  }
  const salt = makeSalt();
  const derivation = derivationOf(method, salt);
  if (!derivation) throw new Error(`Nothing makes passwords by the method ${method}`);
  return `${method}$${salt}$${derive(password, derivation).toString('hex')}`;
}

/** Ten characters of Werkzeug's alphabet, which is what the Flask app makes and reads. */
function makeSalt(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * Lowers this thread's priority below that of the event loop, whatever that is, so that hashing only takes what the
 * event loop leaves of a core.
 */
function stepBehindTheEventLoop(): void {
  try {
    // On Linux a thread has an id of its own, and its priority is set by that.
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(threadId, Math.min(getPriority() + 10, 19));
  } catch {
    // Other systems have one priority for the process; hashing is still on threads of its own.
  }
}
