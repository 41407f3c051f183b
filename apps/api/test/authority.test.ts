import { describe, expect, test } from 'vitest';
import { holdRequest } from './held-request.ts';
import { type Api, startApi } from './start-api.ts';
import { untilBlocked } from './until-blocked.ts';

const pass = 'alternating current';

/** An admin beside toby, and a plain user's post with the id `post`. */
async function withSecondAdmin() {
  const api = await startApi();
  const toby = await api.signIn('toby');
  const create = (details: object) => api.send('POST', '/api/users', { token: toby.token, body: details });
  const { body: eve } = await create({ name: 'Eve', uid: 'eve', password: pass, role: 'admin' });
  const session = await api.signIn('eve', pass);
  const niko = await api.signIn('niko');
  const { body: post } = await api.send('POST', '/api/posts', { token: niko.token, body: { note: 'mine' } });
  return { api, toby, eve: { ...session, id: eve.id as number }, niko, post: post.id as number };
}

type Scene = Awaited<ReturnType<typeof withSecondAdmin>>;

const json = (value: unknown) => JSON.stringify(value);
const boundary = 'held';
const form = (note: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\n${note}\r\n--${boundary}--\r\n`;
const formType = `multipart/form-data; boundary=${boundary}`;

/** Requests that an admin can hold back; `needs` is the right that each needs. */
const heldRequests: readonly {
  what: string;
  needs: 'admin' | 'session';
  hold: (scene: Scene) => ReturnType<typeof holdRequest>;
}[] = [
  {
    what: 'a PATCH that makes its sender an admin',
    needs: 'admin',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'PATCH', `/api/users/${eve.id}`, { ...eve, body: json({ role: 'admin' }) }),
  },
  {
    what: 'a PUT that makes its sender an admin',
    needs: 'admin',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'PUT', `/api/users/${eve.id}`, {
        ...eve,
        body: json({ name: 'Eve', uid: 'eve', role: 'admin' }),
      }),
  },
  {
    what: 'a PATCH of another user',
    needs: 'admin',
    hold: ({ api, eve, niko }) =>
      holdRequest(api.url, 'PATCH', `/api/users/${niko.userId}`, { ...eve, body: json({ name: 'Nobody' }) }),
  },
  {
    what: 'a POST that makes another admin',
    needs: 'admin',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'POST', '/api/users', {
        ...eve,
        body: json({ name: 'Eve Two', uid: 'eve2', password: pass, role: 'admin' }),
      }),
  },
  {
    what: 'a PUT of another user’s password',
    needs: 'admin',
    hold: ({ api, eve, niko }) =>
      holdRequest(api.url, 'PUT', `/api/users/${niko.userId}/password`, {
        ...eve,
        body: json({ new_password: 'taken over by eve' }),
      }),
  },
  {
    what: 'a POST of a player',
    needs: 'admin',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'POST', '/api/players', {
        ...eve,
        body: json({ name: 'Player', uid: 'player', password: pass, tokens: 1 }),
      }),
  },
  {
    what: 'a PATCH of a player with a password',
    needs: 'admin',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'PATCH', '/api/players/1', { ...eve, body: json({ tokens: 9, password: pass }) }),
  },
  {
    what: 'a PATCH of another user’s post by form',
    needs: 'admin',
    hold: ({ api, eve, post }) =>
      holdRequest(api.url, 'PATCH', `/api/posts/${post}`, {
        ...eve,
        type: formType,
        body: form('eve was here'),
      }),
  },
  {
    what: 'a POST of a post by form',
    needs: 'session',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'POST', '/api/posts', { ...eve, type: formType, body: form('too late') }),
  },
  {
    what: 'a PUT of one’s own password',
    needs: 'session',
    hold: ({ api, eve }) =>
      holdRequest(api.url, 'PUT', '/api/users/me/password', {
        ...eve,
        body: json({ current_password: pass, new_password: 'another of mine' }),
      }),
  },
];

/** Everything that a held request could change, without what the other requests of the test write. */
async function stateOf({ db }: Api) {
  return {
    users: await db('users').select('id', 'uid', 'name', 'role', 'password').orderBy('id'),
    posts: await db('posts').select('id', 'note').orderBy('id'),
    players: await db('players').select('id', 'uid', 'tokens', 'password').orderBy('id'),
  };
}

describe.each(heldRequests)('$what, held back until its last byte,', ({ hold }) => {
  test('is refused with session_ended when the session ended meanwhile', async () => {
    const scene = await withSecondAdmin();
    const held = await hold(scene);
    const path = `/api/users/${scene.eve.id}/sessions`;
    expect((await scene.api.send('DELETE', path, { token: scene.toby.token })).status).toBe(204);
    const before = await stateOf(scene.api);
    expect(await held.finish()).toMatchObject({ status: 401, code: 'session_ended' });
    expect(await stateOf(scene.api)).toEqual(before);
  });

  test('is refused with session_ended when the user was deleted meanwhile', async () => {
    const scene = await withSecondAdmin();
    const held = await hold(scene);
    const path = `/api/users/${scene.eve.id}`;
    expect((await scene.api.send('DELETE', path, { token: scene.toby.token })).status).toBe(204);
    const before = await stateOf(scene.api);
    expect(await held.finish()).toMatchObject({ status: 401, code: 'session_ended' });
    expect(await stateOf(scene.api)).toEqual(before);
  });

  test('is carried out when nothing has changed', async () => {
    const scene = await withSecondAdmin();
    const held = await hold(scene);
    expect((await held.finish()).status).toBeLessThan(300);
  });
});

describe.each(heldRequests.filter(({ needs }) => needs === 'admin'))(
  '$what, held back by an admin,',
  ({ hold }) => {
    test('is refused with forbidden when its sender was demoted meanwhile', async () => {
      const scene = await withSecondAdmin();
      const held = await hold(scene);
      const change = { token: scene.toby.token, body: { role: 'user' } };
      expect((await scene.api.send('PATCH', `/api/users/${scene.eve.id}`, change)).status).toBe(200);
      const before = await stateOf(scene.api);
      expect(await held.finish()).toMatchObject({ status: 403, code: 'forbidden' });
      expect(await stateOf(scene.api)).toEqual(before);
    });
  },
);

describe('a change whose sender loses the right to it between the check and the write', () => {
  /** Lets a request pass every check that precedes its hash, then demotes or signs out its sender, then goes on. */
  async function duringHash(
    scene: Scene,
    request: () => Promise<unknown>,
    meanwhile: () => Promise<unknown>,
  ) {
    const release = scene.api.holdHashes();
    const answer = request();
    await release.reached;
    await meanwhile();
    release.open();
    return (await answer) as { status: number; body: { code?: string } };
  }

  const creates = [
    { path: '/api/users', body: { name: 'Two', uid: 'two', password: pass, role: 'admin' } },
    { path: '/api/players', body: { name: 'Two', uid: 'two', password: pass, tokens: 1 } },
  ];

  test.each(creates)('POST $path is refused inside its transaction', async ({ path, body }) => {
    const scene = await withSecondAdmin();
    const before = await stateOf(scene.api);
    const { status, body: problem } = await duringHash(
      scene,
      () => scene.api.send('POST', path, { token: scene.eve.token, body }),
      () => scene.api.db('users').where({ id: scene.eve.id }).update({ role: 'user' }),
    );
    expect([status, problem.code]).toEqual([403, 'forbidden']);
    const after = await stateOf(scene.api);
    expect(after.players).toEqual(before.players);
    expect(after.users.map(({ id }) => id)).toEqual(before.users.map(({ id }) => id));
  });

  test('a change whose sender loses the right to it is refused inside its transaction: PUT /api/users/:id/password', async () => {
    const scene = await withSecondAdmin();
    const path = `/api/users/${scene.niko.userId}/password`;
    const { status, body } = await duringHash(
      scene,
      () =>
        scene.api.send('PUT', path, { token: scene.eve.token, body: { new_password: 'taken over by eve' } }),
      () =>
        scene.api
          .db('sessions')
          .where({ user_id: scene.eve.id })
          .update({ ended_at: new Date().toISOString() }),
    );
    expect([status, body.code]).toEqual([401, 'session_ended']);
    expect((await scene.api.signIn('niko')).userId).toBe(scene.niko.userId);
  });
});

test('an admin who ends the sessions of a user gets 404, and no event, if the user is deleted meanwhile', async () => {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  const { userId } = await api.signIn('niko');
  const deletion = await api.db.transaction();
  await deletion('users').where({ id: userId }).delete();
  const ending = api.send('DELETE', `/api/users/${userId}/sessions`, { token });
  await untilBlocked(api);
  await deletion.commit();
  expect((await ending).status).toBe(404);
  expect(await api.db('audit_events').where({ event: 'session_ended' })).toEqual([]);
});

test('an admin who ends the sessions of a user is refused, and ends none, if they are demoted meanwhile', async () => {
  const { api, eve, niko } = await withSecondAdmin();
  const demotion = await api.db.transaction();
  await demotion('users').where({ id: eve.id }).update({ role: 'user' });
  const ending = api.send('DELETE', `/api/users/${niko.userId}/sessions`, { token: eve.token });
  await untilBlocked(api);
  await demotion.commit();
  expect((await ending).body.code).toBe('forbidden');
  expect((await api.send('GET', '/protected', { token: niko.token })).status).toBe(200);
});

test('an admin demoted while they promote somebody else either comes first or is refused', async () => {
  const { api, toby, eve, niko } = await withSecondAdmin();
  for (let round = 0; round < 10; round += 1) {
    await api.db('users').where({ id: eve.id }).update({ role: 'admin' });
    await api.db('users').where({ id: niko.userId }).update({ role: 'user' });
    const [demotion, promotion] = await Promise.all([
      api.send('PATCH', `/api/users/${eve.id}`, { token: toby.token, body: { role: 'user' } }),
      api.send('PATCH', `/api/users/${niko.userId}`, { token: eve.token, body: { role: 'admin' } }),
    ]);
    expect(demotion.status).toBe(200);
    expect([200, 403]).toContain(promotion.status);
    const events = await api
      .db('audit_events')
      .where({ event: 'role_changed' })
      .orderBy('id', 'desc')
      .limit(2);
    // The log's order is the order in which the changes took effect: no promotion by eve stands after her demotion.
    if (promotion.status === 200) expect(events.map(({ user_id }) => user_id)).toEqual([eve.id, niko.userId]);
  }
});
