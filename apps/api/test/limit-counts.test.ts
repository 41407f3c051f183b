import { describe, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createLimits } from '../src/limits/service.ts';
import { startApi } from './start-api.ts';

/** Limits on a database of their own, under a clock that stands still. */
async function start() {
  const { db } = await startApi();
  let now = Date.parse('2030-01-01T00:00:00.000Z');
  const limits = createLimits({ db, clock: createClock(() => now) });
  return {
    db,
    limits,
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

const stranger = { uid: 'niko', ip: '203.0.113.1', isKnownAddress: false };

describe('a limit', () => {
  test('a limit says what is left of it and when its window ends, and is whole again at that moment', async () => {
    const { db, limits, advance } = await start();
    const quota = { name: 'writes', limit: 120, windowSeconds: 60, remaining: 119, resetSeconds: 60 };
    for (let other = 4; other < 12; other += 1) await limits.takeWrite(other);
    advance(5);
    expect(await limits.takeWrite(2)).toEqual(quota);
    advance(20.5);
    expect(await limits.takeWrite(2)).toEqual({ ...quota, remaining: 118, resetSeconds: 40 });
    await db('limits').update({ count: 120 });
    await expect(limits.takeWrite(2)).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 40,
      quota: { ...quota, remaining: 0, resetSeconds: 40 },
    });
    expect(await limits.takeWrite(3)).toEqual(quota);
    advance(39.499);
    await expect(limits.takeWrite(2)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    advance(0.001);
    expect(await limits.takeWrite(2)).toEqual(quota);
  });

  test('a limit that is reached takes nothing out of those beside it', async () => {
    const { limits } = await start();
    for (let account = 1; account <= 60; account += 1) await limits.takeSignUp('203.0.113.1', 2);
    for (let again = 0; again < 3; again += 1)
      await expect(limits.takeSignUp('203.0.113.1', 2)).rejects.toMatchObject({
        quota: { name: 'signup-user', limit: 60, windowSeconds: 900, remaining: 0 },
      });
    for (let account = 61; account <= 121; account += 1)
      expect(await limits.takeSignUp('203.0.113.1')).toMatchObject({
        name: 'signup',
        remaining: 300 - account,
      });
    expect(await limits.takeSignUp('203.0.113.1', 3)).toMatchObject({ name: 'signup', remaining: 300 - 122 });
  });
});

describe('an attempt to sign in', () => {
  test('an attempt to sign in counts for its user, its address and both, or for its device alone', async () => {
    const { limits } = await start();
    for (let address = 1; address <= 100; address += 1) {
      const { quota } = await limits.beginSignIn({ ...stranger, ip: `203.0.113.${address}` });
      expect(quota).toMatchObject({
        name: 'sign-in-user-address',
        limit: 10,
        remaining: 9,
        resetSeconds: 900,
      });
    }
    const elsewhere = { ...stranger, ip: '198.51.100.1' };
    await expect(limits.beginSignIn(elsewhere)).rejects.toMatchObject({
      quota: { name: 'sign-in-user', limit: 100, remaining: 0 },
    });
    const known = await limits.beginSignIn({ ...elsewhere, isKnownAddress: true });
    expect(known.quota).toMatchObject({ name: 'sign-in-user-address', remaining: 9 });
    const device = await limits.beginSignIn({ ...elsewhere, device: 'a device' });
    expect(device.quota).toMatchObject({ name: 'sign-in-device', limit: 10, remaining: 9 });
    const another = await limits.beginSignIn({ ...elsewhere, device: 'another device' });
    expect(another.quota).toMatchObject({ name: 'sign-in-device', remaining: 9 });
    const other = await limits.beginSignIn({ ...elsewhere, uid: 'lex' });
    expect(other.quota).toMatchObject({ name: 'sign-in-user-address', remaining: 9 });
  });

  test('an attempt to sign in is given back once, and not out of a later window', async () => {
    const { db, limits, advance } = await start();
    const first = await limits.beginSignIn(stranger);
    await limits.refund(first);
    await limits.refund(first);
    expect(await db('limits').pluck('count')).toEqual([0, 0, 0]);
    const second = await limits.beginSignIn(stranger);
    expect(second.quota.remaining).toBe(9);
    advance(900);
    expect((await limits.beginSignIn(stranger)).quota.remaining).toBe(9);
    await limits.refund(second);
    expect((await limits.beginSignIn(stranger)).quota.remaining).toBe(8);
  });

  test('an attempt to sign in that succeeds is counted in the transaction of its session', async () => {
    const { db, limits } = await start();
    const rolledBack = db.transaction(async (trx) => {
      await limits.takeSession(2, trx);
      throw new Error('no session');
    });
    await expect(rolledBack).rejects.toThrow('no session');
    expect(await db('limits')).toEqual([]);
    const takeSession = () => db.transaction((trx) => limits.takeSession(2, trx));
    await takeSession();
    await db('limits').update({ count: 600 });
    await expect(takeSession()).rejects.toMatchObject({ quota: { name: 'sign-in-success', limit: 600 } });
  });
});

test('ten repeats of a refresh are recorded for those who got a successor, and ten for those who did not', async () => {
  const { limits } = await start();
  for (const isGranted of [true, false]) {
    const recorded: boolean[] = [];
    for (let repeat = 0; repeat < 11; repeat += 1)
      recorded.push(await limits.takeRepeat('a session', isGranted));
    expect(recorded).toEqual([...Array(10).fill(true), false]);
  }
});

test('the refusals of an address are numbered up to the one that says that no more are recorded', async () => {
  const { db, limits } = await start();
  const count = (ip: string) => limits.countRefusal(ip, db);
  const window_ends_at = '2030-01-01T00:15:00.000Z';
  expect(await count('203.0.113.1')).toEqual({ number: 1, window_ends_at });
  await db('limits').update({ count: 100 });
  expect(await count('203.0.113.1')).toEqual({ number: 101, window_ends_at });
  expect(await count('203.0.113.1')).toBeUndefined();
  expect(await count('203.0.113.2')).toEqual({ number: 1, window_ends_at });
});
