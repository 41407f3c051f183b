import { expect, test } from 'vitest';
import { down, up } from '../src/db/migrations/0004-final-sigma.ts';
import { startApi } from './start-api.ts';

const odysseus = { name: 'Οδυσσεύς Λαερτιάδης', uid: 'Οδυσσευς', password: 'twenty years at sea' };

test('every prefix of a user id and of a name with a final sigma finds the user', async () => {
  const api = await startApi();
  expect((await api.send('POST', '/api/users/signup', { body: odysseus })).status).toBe(201);
  const { token } = await api.signIn();
  for (const text of ['Οδυσσευς', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς']) {
    for (let length = 1; length <= text.length; length += 1) {
      const q = encodeURIComponent(text.slice(0, length));
      const { body } = await api.send('GET', `/api/users?q=${q}`, { token });
      expect([q, body.map(({ uid }: { uid: string }) => uid)]).toEqual([q, ['Οδυσσευς']]);
    }
  }
});

test('the migration renames keys with a final sigma, and its way back restores them', async () => {
  const api = await startApi();
  await api.send('POST', '/api/users/signup', { body: odysseus });
  const admin = await api.signIn('toby');
  const player = { name: 'Οδυσσεύς', uid: 'Οδυσσευς', password: odysseus.password };
  expect((await api.send('POST', '/api/players', { token: admin.token, body: player })).status).toBe(201);
  const keys = async () => [
    await api.db('users').first('uid_key', 'name_key').where({ uid: odysseus.uid }),
    await api.db('players').first('uid_key').where({ uid: odysseus.uid }),
  ];
  const after = await keys();
  expect(after).toEqual([{ uid_key: 'οδυσσευσ', name_key: 'οδυσσεύσ λαερτιάδησ' }, { uid_key: 'οδυσσευσ' }]);
  await down(api.db);
  expect(await keys()).toEqual([
    { uid_key: 'οδυσσευς', name_key: 'οδυσσεύς λαερτιάδης' },
    { uid_key: 'οδυσσευς' },
  ]);
  await up(api.db);
  expect(await keys()).toEqual(after);
  await api.signIn('ΟΔΥΣΣΕΥΣ', odysseus.password);
});

test('a user whose key would collide after the migration keeps the key, and the other user is not affected', async () => {
  const api = await startApi();
  await api.send('POST', '/api/users/signup', { body: odysseus });
  // No fold made this key, so only a hand-written row can have it.
  await api.db('users').where({ uid: 'hop' }).update({ uid_key: 'οδυσσευς' });
  await up(api.db);
  expect(await api.db('users').where({ uid: 'hop' }).first('uid_key')).toEqual({ uid_key: 'οδυσσευς' });
  await api.signIn('Οδυσσευς', odysseus.password);
});
