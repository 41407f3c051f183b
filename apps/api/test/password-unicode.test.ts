import { describe, expect, test } from 'vitest';
import { createPasswords } from '../src/auth/passwords.ts';
import { startApi } from './start-api.ts';

const composed = 'Zoë trinkt grünen Tee'.normalize('NFC');
const decomposed = composed.normalize('NFD');
const uid = 'zoe';

const signIn = async (api: Awaited<ReturnType<typeof startApi>>, password: string) =>
  (await api.send('POST', '/token', { body: { username: uid, password } })).status;

test.each([
  ['composed, as by most keyboards', composed, decomposed],
  ['decomposed, as by some keyboards', decomposed, composed],
])('a password that was set %s is the same password in the other form', async (_, set, other) => {
  const api = await startApi();
  const body = { name: 'Zoe', uid, password: set };
  expect((await api.send('POST', '/api/users/signup', { body })).status).toBe(201);
  for (const password of [set, other]) expect(await signIn(api, password)).toBe(200);
  const { token } = await api.signIn(uid, other);
  const change = { current_password: other, new_password: `${other} mit Milch` };
  expect((await api.send('PUT', '/api/users/me/password', { token, body: change })).status).toBeLessThan(300);
  expect(await signIn(api, `${set} mit Milch`)).toBe(200);
  expect(await signIn(api, set)).toBe(401);
});

test('a hash over the decomposed form goes on working, and a sign-in replaces it by one over the composed form', async () => {
  const api = await startApi();
  const asGiven = createPasswords({ passwordHash: 'pbkdf2:sha256', threads: 1 });
  const { hashSync } = await import('@node-rs/argon2');
  const old = hashSync(decomposed, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  for (const stored of [old, await asGiven.hash(decomposed)]) {
    await api.db('users').where({ uid: 'hop' }).update({ uid, uid_key: uid });
    await api.db('users').where({ uid }).update({ password: stored });
    expect(await signIn(api, composed)).toBe(401);
    expect(await signIn(api, decomposed)).toBe(200);
    expect((await api.db('users').first('password').where({ uid })).password).not.toBe(stored);
    expect(await signIn(api, composed)).toBe(200);
  }
  const { password } = await api.db('users').first('password').where({ uid });
  expect(await signIn(api, decomposed)).toBe(200);
  expect(await api.db('users').first('password').where({ uid })).toEqual({ password });
  await asGiven.close();
});

describe('with PASSWORD_HASH=pbkdf2:sha256', () => {
  test('no password is normalised under PASSWORD_HASH=pbkdf2:sha256, because the Flask app that shares the database would not', async () => {
    const api = await startApi({ env: { PASSWORD_HASH: 'pbkdf2:sha256' } });
    const body = { name: 'Zoe', uid, password: decomposed };
    expect((await api.send('POST', '/api/users/signup', { body })).status).toBe(201);
    expect(await signIn(api, decomposed)).toBe(200);
    expect(await signIn(api, composed)).toBe(401);
  });
});
