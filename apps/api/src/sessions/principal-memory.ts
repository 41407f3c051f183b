import type { Clock } from '../clock.ts';
import { batchedLookup } from '../db/batched-lookup.ts';
import { AppError } from '../errors.ts';
import type { Principal } from '../http/call.ts';
import { createHeldPrincipals } from './held-principals.ts';
import type { Change, LoadedPrincipal, PrincipalStore, Version } from './principal-store.ts';

type PrincipalMemoryDeps = {
  readonly store: PrincipalStore;
  readonly clock: Pick<Clock, 'now' | 'timestamp'>;
  /** `SESSION_STALENESS_MS`; at 0 the database is asked for every request. */
  readonly stalenessMs: number;
  readonly deadlineMs: number;
};

/** When something was sent to the database. */
type Moment = {
  /** By the monotonic clock. */
  readonly ms: number;
  /** By the time of day. */
  readonly timeOfDay: number;
  /** How many writes of this process had ended. */
  readonly writes: number;
};

/** More changes than the database keeps are not read one by one. */
const mostChanges = 1000;

/** A clock that was set only causes one more question, so there is no need to be exact. */
const clockSlackMs = 1000;

export type PrincipalMemory = ReturnType<typeof createPrincipalMemory>;

/**
 * Principals in memory. One is granted only if a question to the database that was sent at most `stalenessMs` ago, and
 * after every write of this process, found no change of them. The memory refuses nobody: the database is asked about a
 * session that is not in it, or that is expired by what it knows.
 *
 * Concurrent requests share one question, and an idle process asks nothing. A question that fails or takes longer
 * than `deadlineMs`, or that finds another history than the one that the memory knows, empties it.
 */
export function createPrincipalMemory({ store, clock, stalenessMs, deadlineMs }: PrincipalMemoryDeps) {
  const held = createHeldPrincipals();
  /** Every change up to this one is taken into account. Undefined while nothing is held. */
  let known: Version | undefined;
  /** When the latest question was sent that was answered. */
  let confirmed: Moment | undefined;
  /** The latest one; once it is answered, `confirmed` is at least as late. */
  let question: { readonly sent: Moment; readonly answer: Promise<void> } | undefined;
  let writes = 0;
  /** Counts how often the memory was emptied: an answer from before that must not fill it. */
  let emptied = 0;

  const ask = batchedLookup(load, ({ session_id }: Principal) => session_id);

  return {
    /** The session's principal if the session is live and the user exists, at most `stalenessMs` old. */
    find(session_id: string): Principal | Promise<Principal | undefined> {
      const principal = held.find(session_id, clock.timestamp());
      if (!principal) return ask(session_id);
      return confirmed && isRecent(confirmed) ? principal : confirmAndFind(session_id);
    },

    /** The same as the database has it now, never from memory. Calls of one turn of the event loop share a query. */
    ask,

    /** A write of this process has ended: what was asked before it no longer counts. */
    noteWrite(): void {
      writes += 1;
    },

    empty,
  };

  /** Whether what the database told of then may still be granted. */
  function isRecent(sent: Moment): boolean {
    if (sent.writes !== writes) return false;
    const elapsed = performance.now() - sent.ms;
    // The monotonic clock stands still while the machine sleeps, the time of day does not.
    const slept = Math.abs(clock.now() - sent.timeOfDay - elapsed);
    return elapsed <= stalenessMs && slept < clockSlackMs;
  }

  async function confirmAndFind(session_id: string): Promise<Principal | undefined> {
    await confirm();
    return held.find(session_id, clock.timestamp()) ?? ask(session_id);
  }

  /** Asks what has changed, unless a question that is fresh enough for this request was sent. */
  function confirm(): Promise<void> {
    if (question && isRecent(question.sent)) return question.answer;
    const sent = now();
    question = { sent, answer: readChanges(sent) };
    return question.answer;
  }

  async function readChanges(sent: Moment): Promise<void> {
    if (!known) return;
    const from = known;
    const before = emptied;
    const changes = await answered(store.changesSince(from.number, mostChanges + 1));
    if (emptied !== before) return;
    const [first] = changes;
    // The database was restored, another server has taken over, or the change is no longer kept.
    const isSameHistory = first?.number === from.number && first.mark === from.mark;
    if (!isSameHistory || changes.length > mostChanges) {
      empty();
      return;
    }
    apply(changes.filter(({ number }) => number > from.number));
    if (emptied === before) confirmAsOf(sent);
  }

  function apply(changes: readonly Change[]): void {
    for (const { number, mark, session_id, user_id } of changes) {
      if (session_id !== null) held.drop(session_id);
      else if (user_id !== null) held.dropUser(user_id);
      else {
        empty();
        return;
      }
      if (known && number > known.number) known = { number, mark };
    }
  }

  async function load(ids: readonly string[]): Promise<readonly Principal[]> {
    const sent = now();
    const before = emptied;
    const knownBefore = known;
    const { version, loaded } = await answered(store.load(ids));
    if (stalenessMs > 0 && emptied === before) keep(loaded, version, { sent, knownBefore });
    return loaded.map(({ principal }) => principal);
  }

  function keep(
    loaded: readonly LoadedPrincipal[],
    version: Version,
    { sent, knownBefore }: { sent: Moment; knownBefore: Version | undefined },
  ): void {
    if (!known) {
      known = version;
      confirmAsOf(sent);
    }
    // The numbers have gone back, or one has got another mark: the database was restored.
    if (knownBefore && !isSuccessor(version, knownBefore)) {
      empty();
      return;
    }
    // A question has overtaken this answer, and what it found may concern these principals.
    if (!isSuccessor(version, known)) return;
    const loadedAt = sent.ms;
    for (const each of loaded) held.add({ ...each, loadedAt });
  }

  function confirmAsOf(sent: Moment): void {
    if (!confirmed || sent.ms > confirmed.ms) confirmed = sent;
  }

  /** The answer, or `not_ready` after the deadline. A failure empties the memory. */
  async function answered<Answer>(answer: PromiseLike<Answer>): Promise<Answer> {
    try {
      return await withinDeadline(answer, deadlineMs);
    } catch (error) {
      empty();
      throw error;
    }
  }

  function empty(): void {
    held.clear();
    known = undefined;
    confirmed = undefined;
    question = undefined;
    emptied += 1;
  }

  function now(): Moment {
    return { ms: performance.now(), timeOfDay: clock.now(), writes };
  }
}

function isSuccessor(version: Version, of: Version): boolean {
  return version.number > of.number || (version.number === of.number && version.mark === of.mark);
}

async function withinDeadline<Answer>(answer: PromiseLike<Answer>, ms: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const refuse = () =>
      reject(
        new AppError('not_ready', 'The database does not answer at the moment', { retryAfterSeconds: 2 }),
      );
    // After a pause of the process the timer is due before an answer is read that has been there for long.
    timer = setTimeout(() => setImmediate(refuse), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
