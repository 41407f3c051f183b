import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHeldPrincipals } from '../../src/sessions/held-principals.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const expires_at = '2030-01-01T00:00:00.000Z';
const before = '2029-12-31T23:59:59.999Z';

function heldOf(session_id: string, user_id = 1, uid = 'toby') {
  const principal = { user_id, uid, role: 'user', session_id, carrier: 'bearer' } as const;
  return { principal, expires_at, loadedAt: performance.now() };
}

/** The sessions among these that are found. */
const foundOf = ({ find }: ReturnType<typeof createHeldPrincipals>, ...ids: string[]) =>
  ids.filter((id) => find(id, before) !== undefined);

test('a principal in memory is found until their session expires, and not in the millisecond in which it does', () => {
  const held = createHeldPrincipals();
  held.add(heldOf('a'));
  expect(held.find('a', before)).toMatchObject({ session_id: 'a', uid: 'toby' });
  expect(held.find('a', expires_at)).toBeUndefined();
});

test('a principal in memory is found for a minute after they were loaded, and no longer', () => {
  const held = createHeldPrincipals();
  // The process has run for a day.
  vi.advanceTimersByTime(86_400_000);
  held.add(heldOf('a'));
  vi.advanceTimersByTime(60_000);
  expect(foundOf(held, 'a')).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(foundOf(held, 'a')).toEqual([]);
});

test('a session that is dropped takes no other of its user out of memory, and a user that is dropped takes all of theirs', () => {
  const held = createHeldPrincipals();
  for (const [id, user_id] of [
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['d', 2],
  ] as const)
    held.add(heldOf(id, user_id));
  held.drop('a');
  expect(foundOf(held, 'a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd']);
  held.dropUser(1);
  expect(foundOf(held, 'a', 'b', 'c', 'd')).toEqual(['d']);
});

test('a session that has changed hands is dropped with its new user and not with its former one', () => {
  const held = createHeldPrincipals();
  held.add(heldOf('a', 1));
  held.add(heldOf('a', 2));
  held.dropUser(1);
  expect(foundOf(held, 'a')).toEqual(['a']);
  held.dropUser(2);
  expect(foundOf(held, 'a')).toEqual([]);
});

test('a memory that is cleared holds nothing, and then drops by user only what was added since', () => {
  const held = createHeldPrincipals();
  held.add(heldOf('a', 1));
  held.clear();
  expect(foundOf(held, 'a')).toEqual([]);
  held.add(heldOf('a', 2));
  held.dropUser(1);
  expect(foundOf(held, 'a')).toEqual(['a']);
});

test('the memory holds 20 000 sessions, and the ones loaded first leave first', () => {
  const held = createHeldPrincipals();
  for (let index = 0; index < 20_000; index += 1) held.add(heldOf(`s${index}`));
  expect(foundOf(held, 's0', 's1', 's19999')).toEqual(['s0', 's1', 's19999']);
  // Loaded again, it is not the oldest any more.
  held.add(heldOf('s0'));
  held.add(heldOf('one more'));
  expect(foundOf(held, 's0', 's1', 's2', 'one more')).toEqual(['s0', 's2', 'one more']);
});

test('the memory holds four million characters, so that long user ids cannot fill it', () => {
  const held = createHeldPrincipals();
  const uid = 'u'.repeat(99_990);
  // 100 000 characters each: the session's id stands in two maps.
  const add = (index: number) => held.add(heldOf(`id ${10 + index}`, index, uid));
  for (let index = 0; index < 40; index += 1) add(index);
  expect(foundOf(held, 'id 10', 'id 49')).toEqual(['id 10', 'id 49']);
  held.add(heldOf('id 50', 40, 'u'));
  expect(foundOf(held, 'id 10', 'id 11', 'id 50')).toEqual(['id 11', 'id 50']);
  // What leaves makes room, however it leaves.
  held.dropUser(1);
  held.drop('id 12');
  add(41);
  add(42);
  expect(foundOf(held, 'id 11', 'id 12', 'id 13', 'id 52')).toEqual(['id 13', 'id 52']);
  held.clear();
  for (let index = 0; index < 40; index += 1) add(index);
  expect(foundOf(held, 'id 10', 'id 49')).toEqual(['id 10', 'id 49']);
});
