import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

const looksLikeToby = 't\u043eby';
const mixed = 'User ID has letters of more than one script';

test.each([
  ['POST', '/api/users/signup', undefined],
  ['POST', '/api/users', 'niko'],
  ['POST', '/api/players', 'toby'],
])('%s %s refuses a user id that mixes scripts, and names the member', async (method, path, caller) => {
  const api = await startApi();
  const body = { name: 'Tobias', uid: looksLikeToby, password: 'alternating current' };
  const token = caller === undefined ? {} : { token: (await api.signIn(caller)).token };
  const answer = await api.send(method, path, { ...token, body });
  expect(answer.body).toMatchObject({
    code: 'invalid_request',
    detail: mixed,
    issues: [{ path: 'uid', message: mixed }],
  });
});

test('a changed user id or name is judged as a new one, of users and of players', async () => {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  const invisible = 'Name has an invisible character, or one that changes the direction of the text';
  for (const path of ['/api/users/3', '/api/players/1']) {
    for (const [change, member, detail] of [
      [{ uid: looksLikeToby }, 'uid', mixed],
      [{ name: 'Tom \u202enimda' }, 'name', invisible],
    ] as const) {
      const { body } = await api.send('PATCH', path, { token, body: change });
      expect(body).toMatchObject({ status: 400, detail, issues: [{ path: member, message: detail }] });
    }
  }
});

test('a user and a player from before these rules are shown, sign in, and change everything else', async () => {
  const api = await startApi();
  const old = { uid: looksLikeToby, name: 'Nikola \u202eTesla' };
  await api
    .db('users')
    .where({ uid: 'niko' })
    .update({ ...old, uid_key: looksLikeToby });
  await api
    .db('players')
    .where({ id: 1 })
    .update({ ...old, uid_key: looksLikeToby });
  const { token, userId } = await api.signIn(looksLikeToby, '123niko');
  const path = `/api/users/${userId}`;
  expect((await api.send('GET', path, { token })).body).toMatchObject(old);
  expect((await api.send('GET', '/api/users', { token })).status).toBe(200);
  expect((await api.send('GET', '/api/players', { token })).status).toBe(200);
  const dob = '1856-07-10';
  expect((await api.send('PATCH', path, { token, body: { dob } })).body).toMatchObject({ ...old, dob });
  expect((await api.send('PUT', path, { token, body: { ...old, dob } })).body).toMatchObject({ ...old, dob });
  const admin = await api.signIn('toby');
  const player = await api.send('PATCH', '/api/players/1', {
    token: admin.token,
    body: { ...old, tokens: 7 },
  });
  expect(player.body).toMatchObject({ ...old, tokens: 7 });
});
