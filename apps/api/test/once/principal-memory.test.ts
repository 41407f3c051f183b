import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { createPrincipalMemory } from '../../src/sessions/principal-memory.ts';
import type { Change, LoadedPrincipal, PrincipalStore } from '../../src/sessions/principal-store.ts';

const stalenessMs = 50;
const deadlineMs = 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  // Each deadline ends with its answer.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Lets everything happen that waits for nothing but a turn of the event loop. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

/** A statement on its way: the test says when the database reads for it, and when the answer arrives. */
type Sent = { readonly kind: 'load' | 'changes'; readonly read: () => void; readonly answer: () => void };

/** What the database knows of sessions, and when it answers: at once, or where `held` is set, when told. */
function createDatabase() {
  const sessions = new Map<string, LoadedPrincipal>();
  let log: Change[] = [{ number: 0, mark: 'first', session_id: null, user_id: null }];
  const statements: Sent['kind'][] = [];
  const sent: Sent[] = [];
  const mode = { isHeld: false, isBroken: false };

  const send = <Answer>(kind: Sent['kind'], read: () => Answer): Promise<Answer> => {
    statements.push(kind);
    if (mode.isBroken) return Promise.reject(new Error('The connection broke'));
    if (!mode.isHeld) return Promise.resolve(read());
    return new Promise((resolve) => {
      let found: { readonly answer: Answer } | undefined;
      const readOnce = () => {
        found ??= { answer: read() };
        return found.answer;
      };
      sent.push({ kind, read: readOnce, answer: () => resolve(readOnce()) });
    });
  };
  const version = () => log.at(-1) as Change;
  const store: PrincipalStore = {
    load: (ids) =>
      send('load', () => {
        const { number, mark } = version();
        return { version: { number, mark }, loaded: ids.flatMap((id) => sessions.get(id) ?? []) };
      }),
    changesSince: (from, limit) =>
      send('changes', () => log.filter(({ number }) => number >= from).slice(0, limit)),
  };
  return {
    store,
    mode,
    statements,
    /** The oldest statement that is on its way. */
    next: (kind: Sent['kind']): Sent => {
      const index = sent.findIndex((each) => each.kind === kind);
      const [found] = index < 0 ? [] : sent.splice(index, 1);
      if (!found) throw new Error(`No ${kind} is on its way`);
      return found;
    },
    begin(session_id: string, user_id: number, role: 'user' | 'admin' = 'user'): void {
      const principal = { user_id, uid: `user ${user_id}`, role, session_id, carrier: 'bearer' } as const;
      sessions.set(session_id, { principal, expires_at: '2090-01-01T00:00:00.000Z' });
    },
    end(session_id: string): void {
      sessions.delete(session_id);
      this.note({ session_id, user_id: null });
    },
    note(change: Pick<Change, 'session_id' | 'user_id'>, mark = `mark ${log.length}`): void {
      log.push({ number: version().number + 1, mark, ...change });
    },
    /** Changes a row without a trace, as where somebody has removed the triggers. */
    endUnnoticed: (session_id: string) => void sessions.delete(session_id),
    get log(): readonly Change[] {
      return log;
    },
    set log(changes: readonly Change[]) {
      log = [...changes];
    },
  };
}

/** A memory that holds the sessions `a` and `b` of user 1, and `c` of user 2, and has just been confirmed. */
async function withThree({ stalenessMs: ms = stalenessMs } = {}) {
  const database = createDatabase();
  for (const [id, user] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const)
    database.begin(id, user);
  const memory = createPrincipalMemory({
    store: database.store,
    clock: createClock(),
    stalenessMs: ms,
    deadlineMs,
  });
  for (const id of ['a', 'b', 'c']) expect(await memory.find(id)).toMatchObject({ session_id: id });
  database.statements.length = 0;
  return { database, memory, isGranted: async (id: string) => (await memory.find(id)) !== undefined };
}

const goStale = () => vi.advanceTimersByTime(stalenessMs + 1);

test('a session in memory is granted without a question until SESSION_STALENESS_MS after the last one was sent', async () => {
  const { database, isGranted } = await withThree();
  database.end('a');
  vi.advanceTimersByTime(stalenessMs);
  expect(await isGranted('a')).toBe(true);
  expect(database.statements).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(await isGranted('a')).toBe(false);
  expect(database.statements).toEqual(['changes', 'load']);
});

test('a session in memory is granted at once after a look-up and after a question, and not by a promise', async () => {
  const { database, memory } = await withThree();
  expect(memory.find('a')).toMatchObject({ session_id: 'a' });
  goStale();
  expect(await memory.find('a')).toMatchObject({ session_id: 'a' });
  expect(memory.find('b')).toMatchObject({ session_id: 'b' });
  expect(database.statements).toEqual(['changes']);
});

test('the time counts from when the question was sent, and not from its answer', async () => {
  const { database, memory, isGranted } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const slow = memory.find('a');
  const question = database.next('changes');
  question.read();
  vi.advanceTimersByTime(stalenessMs);
  question.answer();
  await slow;
  database.mode.isHeld = false;
  database.end('a');
  vi.advanceTimersByTime(1);
  expect(await isGranted('a')).toBe(false);
});

test('the time counts from when a look-up was sent, and not from its answer', async () => {
  const { database, memory, isGranted } = await withThree();
  memory.empty();
  database.mode.isHeld = true;
  const slow = memory.find('a');
  await settle();
  const load = database.next('load');
  load.read();
  vi.advanceTimersByTime(stalenessMs);
  load.answer();
  await slow;
  database.mode.isHeld = false;
  database.end('a');
  vi.advanceTimersByTime(1);
  expect(await isGranted('a')).toBe(false);
});

test('a write of this process ends every confirmation from before it, so that the next request asks', async () => {
  const { database, memory, isGranted } = await withThree();
  database.end('a');
  memory.noteWrite();
  vi.advanceTimersByTime(1);
  expect(await isGranted('a')).toBe(false);
  expect(await isGranted('b')).toBe(true);
  expect(database.statements).toEqual(['changes', 'load']);
});

test('a question that was sent before a write of this process ended is not shared with a request after it', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const earlier = memory.find('b');
  const question = database.next('changes');
  question.read();
  database.end('a');
  memory.noteWrite();
  const later = memory.find('a');
  database.mode.isHeld = false;
  question.answer();
  database.next('changes').answer();
  expect(await earlier).toBeDefined();
  expect(await later).toBeUndefined();
});

test('a question that was sent longer ago than SESSION_STALENESS_MS is not shared, and a fresh one is', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const first = memory.find('b');
  vi.advanceTimersByTime(stalenessMs);
  const sharing = memory.find('c');
  expect(database.statements).toEqual(['changes']);
  const question = database.next('changes');
  question.read();
  database.end('a');
  vi.advanceTimersByTime(1);
  const later = memory.find('a');
  expect(database.statements).toEqual(['changes', 'changes']);
  database.mode.isHeld = false;
  question.answer();
  database.next('changes').answer();
  expect(await Promise.all([first, sharing])).toMatchObject([{ session_id: 'b' }, { session_id: 'c' }]);
  expect(await later).toBeUndefined();
});

test('a session that is ended while its question is on its way is not granted by what the memory held before', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const asked = memory.find('a');
  database.end('a');
  database.mode.isHeld = false;
  database.next('changes').answer();
  expect(await asked).toBeUndefined();
});

test('a change of a user takes all their sessions out of memory and nobody else’s', async () => {
  const { database, memory, isGranted } = await withThree();
  database.begin('a', 1, 'admin');
  database.note({ session_id: null, user_id: 1 });
  goStale();
  expect(await memory.find('a')).toMatchObject({ role: 'admin' });
  expect(await isGranted('b')).toBe(true);
  expect(await isGranted('c')).toBe(true);
  expect(database.statements).toEqual(['changes', 'load', 'load']);
});

test('a change of everything empties the memory', async () => {
  const { database, isGranted } = await withThree();
  for (const id of ['a', 'b', 'c']) database.endUnnoticed(id);
  database.note({ session_id: null, user_id: null });
  goStale();
  for (const id of ['a', 'b', 'c']) expect(await isGranted(id)).toBe(false);
});

test('after more changes than the database keeps, which are 1000 with the last known one, everything is asked again', async () => {
  for (const [changes, expected] of [
    [999, true],
    [1000, false],
  ] as const) {
    const { database, isGranted } = await withThree();
    // Nothing but an emptied memory takes this session away.
    database.endUnnoticed('a');
    for (let index = 0; index < changes; index += 1) database.note({ session_id: 'z', user_id: null });
    goStale();
    expect(await isGranted('a')).toBe(expected);
  }
});

test('a log without the last known change, or with another mark of it, is another history, and empties the memory', async () => {
  const later: Change = { number: 1, mark: 'later', session_id: 'z', user_id: null };
  const histories: (readonly Change[])[] = [
    [],
    [later],
    [{ number: 0, mark: 'restored', session_id: null, user_id: null }],
    [{ number: 0, mark: 'restored', session_id: null, user_id: null }, later],
  ];
  for (const history of histories) {
    const { database, memory } = await withThree();
    database.endUnnoticed('a');
    const former = database.log;
    database.log = history;
    goStale();
    const asked = memory.find('a');
    database.log = former;
    expect(await asked).toBeUndefined();
  }
});

test('an answer about sessions that a later question has overtaken is not kept', async () => {
  const { database, memory, isGranted } = await withThree();
  database.begin('d', 3);
  database.mode.isHeld = true;
  const asked = memory.find('d');
  await settle();
  const load = database.next('load');
  load.read();
  database.end('d');
  goStale();
  const other = memory.find('c');
  database.next('changes').answer();
  await other;
  load.answer();
  // Live when the database read it.
  expect(await asked).toBeDefined();
  database.mode.isHeld = false;
  expect(await isGranted('d')).toBe(false);
});

test('an answer about sessions by a database with an older history than the known one empties the memory', async () => {
  const { database, memory, isGranted } = await withThree();
  const former = database.log;
  database.note({ session_id: 'z', user_id: null });
  goStale();
  expect(await isGranted('a')).toBe(true);
  database.log = former.slice(0, 1);
  database.endUnnoticed('a');
  // Unknown, so the database is asked about it, and tells its version.
  expect(await memory.find('unknown')).toBeUndefined();
  expect(await isGranted('a')).toBe(false);
});

test('an answer that was asked for before the memory was emptied does not fill it', async () => {
  const { database, memory, isGranted } = await withThree();
  database.begin('d', 3);
  database.mode.isHeld = true;
  const asked = memory.find('d');
  await settle();
  const load = database.next('load');
  load.read();
  memory.empty();
  load.answer();
  await asked;
  database.endUnnoticed('d');
  database.mode.isHeld = false;
  expect(await isGranted('d')).toBe(false);
});

test('a question that was sent before the memory was emptied confirms nothing that is loaded since', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const earlier = memory.find('a');
  const question = database.next('changes');
  question.read();
  memory.empty();
  const reloaded = memory.find('b');
  await settle();
  database.next('load').answer();
  await reloaded;
  // Another history now: the earlier question must not move the new memory to a version of the former one.
  question.answer();
  await settle();
  database.next('load').answer();
  expect(await earlier).toMatchObject({ session_id: 'a' });
  database.end('b');
  memory.noteWrite();
  const later = memory.find('b');
  database.next('changes').answer();
  await settle();
  database.next('load').answer();
  expect(await later).toBeUndefined();
});

test('a question without an answer is refused after its deadline, also for those who share it, and empties the memory', async () => {
  const { database, memory, isGranted } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const asked = Promise.allSettled([memory.find('a'), memory.find('b')]);
  vi.advanceTimersByTime(deadlineMs);
  const reason = {
    code: 'not_ready',
    message: 'The database does not answer at the moment',
    retryAfterSeconds: 2,
  };
  expect(await asked).toMatchObject([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  database.mode.isHeld = false;
  // Without a note: only an emptied memory asks for it.
  database.endUnnoticed('a');
  expect(await isGranted('a')).toBe(false);
});

test('a look-up without an answer is refused after its deadline, and its late answer fills nothing', async () => {
  const { database, memory, isGranted } = await withThree();
  database.begin('d', 3);
  database.mode.isHeld = true;
  const asked = Promise.allSettled([memory.find('d')]);
  await settle();
  const load = database.next('load');
  load.read();
  vi.advanceTimersByTime(deadlineMs);
  expect(await asked).toMatchObject([{ status: 'rejected', reason: { code: 'not_ready' } }]);
  load.answer();
  await settle();
  database.endUnnoticed('d');
  database.mode.isHeld = false;
  expect(await isGranted('d')).toBe(false);
});

test('an answer that has been there for long is taken after a pause of the process, although its deadline is over', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const asked = memory.find('a');
  vi.advanceTimersByTime(deadlineMs);
  database.next('changes').answer();
  expect(await asked).toMatchObject({ session_id: 'a' });
});

test('a question that fails grants nothing, and empties the memory', async () => {
  const { database, memory, isGranted } = await withThree();
  goStale();
  database.mode.isBroken = true;
  await expect(memory.find('a')).rejects.toThrow('The connection broke');
  database.mode.isBroken = false;
  database.endUnnoticed('a');
  expect(await isGranted('a')).toBe(false);
});

test('a clock that was set, or a machine that slept, causes a question', async () => {
  for (const ms of [1000, 3_600_000, -3_600_000]) {
    const { database, isGranted } = await withThree();
    database.end('a');
    vi.setSystemTime(Date.now() + ms);
    expect(await isGranted('a')).toBe(false);
  }
});

test('a clock that goes on as it should causes no question, however long an answer may be used', async () => {
  const { database, isGranted } = await withThree({ stalenessMs: 10_000 });
  vi.advanceTimersByTime(9_000);
  expect([await isGranted('a'), database.statements]).toEqual([true, []]);
});

test('a session that is loaded after a change that the memory does not know of yet is kept', async () => {
  const { database, isGranted } = await withThree();
  database.end('a');
  database.begin('d', 3);
  expect([await isGranted('d'), database.statements]).toEqual([true, ['load']]);
  expect([await isGranted('d'), database.statements]).toEqual([true, ['load']]);
});

test('a question that was sent before the machine slept is not shared with a request after it', async () => {
  const { database, memory } = await withThree();
  goStale();
  database.mode.isHeld = true;
  const earlier = memory.find('b');
  const question = database.next('changes');
  question.read();
  database.end('a');
  vi.setSystemTime(Date.now() + 3_600_000);
  const later = memory.find('a');
  database.mode.isHeld = false;
  question.answer();
  database.next('changes').answer();
  expect(await earlier).toBeDefined();
  expect(await later).toBeUndefined();
});

test('a memory that another history has emptied is filled again, and answers without a question', async () => {
  const { database, isGranted } = await withThree();
  database.log = [{ number: 0, mark: 'restored', session_id: null, user_id: null }];
  goStale();
  expect(await isGranted('a')).toBe(true);
  database.statements.length = 0;
  expect(await isGranted('a')).toBe(true);
  expect(database.statements).toEqual([]);
});

test('an answer about sessions by a database with another history at the same number empties the memory', async () => {
  const { database, memory, isGranted } = await withThree();
  database.log = [{ number: 0, mark: 'restored', session_id: null, user_id: null }];
  database.endUnnoticed('a');
  expect(await memory.find('unknown')).toBeUndefined();
  expect(await isGranted('a')).toBe(false);
});

test('a session that the memory does not know, or holds as expired, is asked for and not refused', async () => {
  const { database, memory } = await withThree();
  database.begin('d', 3);
  expect(await memory.find('d')).toMatchObject({ session_id: 'd' });
  vi.setSystemTime(new Date('2090-01-01T00:00:00.000Z'));
  expect(await memory.find('d')).toMatchObject({ session_id: 'd' });
  expect(database.statements).toEqual(['load', 'load']);
});

test('a change without a note is seen a minute after the session was loaded, however many questions confirm it', async () => {
  const { database, isGranted } = await withThree();
  database.endUnnoticed('a');
  for (let second = 0; second < 60; second += 1) {
    vi.advanceTimersByTime(1000);
    expect(await isGranted('a')).toBe(true);
  }
  vi.advanceTimersByTime(1);
  expect(await isGranted('a')).toBe(false);
});

test('at SESSION_STALENESS_MS 0 nothing is held, and each request asks', async () => {
  const { database, isGranted } = await withThree({ stalenessMs: 0 });
  for (const id of ['a', 'a']) expect(await isGranted(id)).toBe(true);
  database.endUnnoticed('a');
  expect(await isGranted('a')).toBe(false);
  expect(database.statements).toEqual(['load', 'load', 'load']);
});

test('what is asked past the memory is never answered from it', async () => {
  const { database, memory } = await withThree();
  database.endUnnoticed('a');
  expect(await memory.ask('a')).toBeUndefined();
});
