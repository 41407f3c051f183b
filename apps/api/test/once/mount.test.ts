import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type CookieAssay, endpoints, type Player, type Post } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { niko, serveTable } from '../serve-table.ts';

const hash = 'pbkdf2:sha256:600000$a-salt$a-hash';
const player: Player & { password: string } = { id: 1, name: 'Ada', uid: 'ada', tokens: 1, password: hash };
const post: Post & { password: string } = {
  id: 1,
  note: 'a note',
  image: null,
  image_width: null,
  image_height: null,
  user_id: niko.user_id,
  author: { uid: niko.uid, name: 'Nikola' },
  created_at: '2030-01-01T00:00:00.000Z',
  updated_at: '2030-01-01T00:00:00.000Z',
  password: hash,
};
const own = { token_name: 'jwt', refresh_name: 'refresh', same_site: 'lax', secure: false } as const;
const assay: CookieAssay = { set: [], came: [], own, tokens: 0 };
const form = new FormData();
form.set('note', 'a note');

test.each([
  { answer: 'an object', method: 'GET', path: '/api/players/1' },
  { answer: 'a page', method: 'GET', path: '/api/players' },
  { answer: 'the answer to JSON', method: 'POST', path: '/api/posts', body: { note: 'a note' } },
  { answer: 'the answer to multipart/form-data', method: 'POST', path: '/api/posts', body: form },
])(
  '$answer with a member that the contract does not name is 500, and no byte of the member leaves',
  async ({ method, path, body }) => {
    const { readPlayer, listPlayers, createPost } = endpoints;
    const api = await serveTable(
      { readPlayer, listPlayers, createPost },
      {
        readPlayer: () => player,
        listPlayers: () => ({ items: [player], next: 'MQ' }),
        createPost: (_call, reply) => {
          reply.location(`/api/posts/${hash}`);
          return post;
        },
      },
    );
    const answer = await api.send(method, path, { body });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify([...answer.headers, answer.text])).not.toContain('pbkdf2');
    expect(answer.text).not.toContain('password');
    expect(answer.headers.get('link')).toBeNull();
    // The log names the broken rule, without the value.
    expect(api.logged()).toContain('password');
    expect(api.logged()).not.toContain(hash);
  },
);

test('a path without parameters is not read as an id, in whatever order the table has the two', async () => {
  const { readUser, readMe } = endpoints;
  const user = (id: number) => ({
    id,
    name: 'Nikola',
    uid: 'niko',
    role: 'user' as const,
    created_at: '2030-01-01T00:00:00.000Z',
    updated_at: '2030-01-01T00:00:00.000Z',
  });
  const handlers = { readUser: () => user(1), readMe: () => user(2) };
  for (const table of [
    { readUser, readMe },
    { readMe, readUser },
  ]) {
    const api = await serveTable(table, handlers);
    expect(await api.send('GET', '/api/users/me')).toMatchObject({ status: 200, body: { id: 2 } });
    expect(await api.send('GET', '/api/users/7')).toMatchObject({ status: 200, body: { id: 1 } });
  }
});

test.each([
  { kind: 'JSON', body: { note: 'a note' } },
  { kind: 'multipart/form-data', body: form },
])('after a body of $kind a handler gets the principal of now, asked for once', async ({ body }) => {
  const { createPost, readMe } = endpoints;
  const seen: string[] = [];
  let asked = 0;
  const { password: _, ...answer } = post;
  const api = await serveTable(
    { createPost, readMe },
    {
      createPost: ({ principal }, reply) => {
        seen.push(principal.uid);
        reply.location('/api/posts/1');
        return answer;
      },
      readMe: ({ principal }) => {
        seen.push(principal.uid);
        return {
          ...answer.author,
          id: 2,
          role: 'user' as const,
          created_at: post.created_at,
          updated_at: post.updated_at,
        };
      },
    },
    {
      askPrincipal: async () => {
        asked += 1;
        return { ...niko, uid: 'renamed' };
      },
    },
  );
  expect((await api.send('GET', '/api/users/me')).status).toBe(200);
  expect((await api.send('POST', '/api/posts', { body })).status).toBe(201);
  expect([seen, asked]).toEqual([['niko', 'renamed'], 1]);
});

test('after its body a request is refused if the session has ended or an admin was demoted', async () => {
  const { createPlayer } = endpoints;
  const body = { name: 'Ada', uid: 'ada', password: 'analytical engine', tokens: 1 };
  const admin = { ...niko, role: 'admin' as const };
  for (const [principal, code, decision] of [
    [undefined, 'session_ended', 'authentication session_ended'],
    [niko, 'forbidden', 'role forbidden'],
  ] as const) {
    const handlers = { createPlayer: () => Promise.reject(new Error('The handler must not run')) };
    const gate = { authenticate: async () => admin, askPrincipal: async () => principal };
    const api = await serveTable({ createPlayer }, handlers, gate);
    expect((await api.send('POST', '/api/players', { body })).body.code).toBe(code);
    await expect.poll(() => api.records).toHaveLength(1);
    expect(api.records[0]?.decisions.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'origin granted',
      'authentication granted',
      'role granted',
      decision,
    ]);
  }
});

test('a request whose body turned out to be empty is refused after it, too', async () => {
  const { deleteUser } = endpoints;
  const handlers = { deleteUser: () => Promise.reject(new Error('The handler must not run')) };
  const api = await serveTable({ deleteUser }, handlers, { askPrincipal: async () => undefined });
  const { body } = await api.send('DELETE', '/api/users/2', { body: '{}' });
  expect(body.code).toBe('session_ended');
});

test.each([
  ['DELETE', '/api/players', 'GET, POST, HEAD, OPTIONS'],
  ['GET', '/token', 'POST, OPTIONS'],
])(
  '%s %s is refused with the methods that the path has, and OPTIONS names them',
  async (method, path, allow) => {
    const { listPlayers, createPlayer, createToken } = endpoints;
    const unreached = () => Promise.reject(new Error('The handler must not run'));
    const handlers = { listPlayers: unreached, createPlayer: unreached, createToken: unreached };
    const api = await serveTable({ listPlayers, createPlayer, createToken }, handlers);
    const refused = await api.send(method, path);
    expect(refused.body).toMatchObject({
      code: 'method_not_allowed',
      detail: `${method} is not possible here`,
    });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    const options = await api.send('OPTIONS', path);
    expect([options.status, options.text, options.headers.get('allow')]).toEqual([204, '', allow]);
  },
);

test('a query or a path that breaks a rule is refused with each rule and its member, and no other query is read', async () => {
  const { listPlayers, readPlayer } = endpoints;
  const queries: unknown[] = [];
  const { password: _, ...answer } = player;
  const api = await serveTable(
    { listPlayers, readPlayer },
    {
      listPlayers: ({ query }) => {
        queries.push(query);
        return { items: [] };
      },
      readPlayer: ({ query }) => {
        queries.push(query);
        return answer;
      },
    },
  );
  const refused = await api.send('GET', '/api/players?limit=many');
  expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
  expect(refused.body.issues).toEqual([{ path: 'limit', message: refused.body.detail }]);
  expect(refused.body.detail).not.toBe('');
  expect((await api.send('GET', '/api/players/first')).body.issues).toMatchObject([{ path: 'id' }]);
  await api.send('GET', '/api/players?limit=7');
  await api.send('GET', '/api/players/1?limit=many');
  expect(queries).toEqual([{ limit: 7 }, undefined]);
});

test('a broken rule within a member is named by the whole path to it', async () => {
  const owner = z.strictObject({ uid: z.string('The owner needs a user id') });
  const createPlayer = {
    ...endpoints.createPlayer,
    access: 'anyone',
    body: z.strictObject({ owner }),
  } as const;
  const unreached = () => Promise.reject(new Error('The handler must not run'));
  const api = await serveTable({ createPlayer }, { createPlayer: unreached });
  const { body } = await api.send('POST', '/api/players', { body: { owner: { uid: 7 } } });
  expect([body.detail, body.issues]).toEqual([
    'The owner needs a user id',
    [{ path: 'owner.uid', message: 'The owner needs a user id' }],
  ]);
});

test('a body that no endpoint asks for is not read', async () => {
  const { startCookieAssay } = endpoints;
  const api = await serveTable({ startCookieAssay }, { startCookieAssay: () => undefined });
  const { status } = await api.send('POST', '/api/doctor/assay', { body: 'not even JSON' });
  expect(status).toBe(204);
});

describe('what one caller has under way', () => {
  const { listPlayers, readPlayer, createPost } = endpoints;

  function createBarrier() {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { open, opened };
  }

  /** Serves these three, with handlers that wait until `sendAll` lets them go on. */
  async function serveWaiting() {
    const { password: _, ...answer } = player;
    let underWay = 0;
    let barrier = createBarrier();
    const wait = async () => {
      underWay += 1;
      await barrier.opened;
      underWay -= 1;
    };
    const api = await serveTable(
      { listPlayers, readPlayer, createPost },
      {
        listPlayers: async () => {
          await wait();
          return { items: [] };
        },
        readPlayer: async () => {
          await wait();
          return answer;
        },
        createPost: async () => {
          await wait();
          throw new AppError('uid_taken');
        },
      },
      {
        authenticate: ({ headers }) => ({ ...niko, uid: String(headers.authorization) }),
        callerOf: (_from, principal) => String(principal?.uid),
      },
    );
    /** Sends each so often at once, expects that so many of all are handled at once, and returns the statuses. */
    return async (
      most: number,
      times: number,
      tokens: string[],
      ...[method = '', path = '', body]: string[]
    ) => {
      barrier = createBarrier();
      const answers = tokens.flatMap((token) =>
        Array.from({ length: times }, () => api.send(method, path, { token, body })),
      );
      await expect.poll(() => underWay).toBe(most);
      // In this time more would come if there were room.
      await delay(200);
      expect(underWay).toBe(most);
      barrier.open();
      return [...new Set((await Promise.all(answers)).map(({ status }) => status))];
    };
  }

  test('what one caller has under way is 20 pages at most, and any number of other answers', async () => {
    const sendAll = await serveWaiting();
    expect(await sendAll(20, 22, ['niko'], 'GET', '/api/players')).toEqual([200]);
    expect(await sendAll(30, 15, ['niko', 'lex'], 'GET', '/api/players')).toEqual([200]);
    expect(await sendAll(22, 22, ['niko'], 'GET', '/api/players/1')).toEqual([200]);
  });

  test('what one caller has under way is 2 MiB of bodies at most, and their room comes back', async () => {
    const sendAll = await serveWaiting();
    const body = JSON.stringify({ note: 'a note' }).padEnd(99_900);
    expect(await sendAll(20, 22, ['niko'], 'POST', '/api/posts', body)).toEqual([409]);
    expect(await sendAll(20, 22, ['niko'], 'POST', '/api/posts', body)).toEqual([409]);
  });
});

describe('what is for the own machine only', () => {
  const { readCookieAssay, readHealth } = endpoints;
  const handlers = {
    readCookieAssay: () => assay,
    readHealth: () => ({ status: 'ok' as const }),
  };
  /** The status of this path when it is asked for by this name of the server. */
  async function statusAt(url: string, path: string, host: string): Promise<number | undefined> {
    // `fetch` sets the Host header itself.
    const [answer] = await once(get(`${url}${path}`, { headers: { host } }), 'response');
    await text(answer);
    return answer.statusCode;
  }

  test('what is for the own machine only is not there where others reach the API', async () => {
    const table = { readCookieAssay, readHealth };
    const api = await serveTable(table, handlers, { isOwnMachine: false });
    expect((await api.send('GET', '/api/doctor/assay')).status).toBe(404);
    expect((await api.send('GET', '/healthz')).status).toBe(200);
  });

  test('what is for the own machine only is refused under the name of another', async () => {
    const api = await serveTable({ readCookieAssay, readHealth }, handlers);
    for (const [host, path, status] of [
      ['localhost', '/api/doctor/assay', 200],
      ['127.0.0.1:8086', '/api/doctor/assay', 200],
      ['rebound.example', '/api/doctor/assay', 421],
      ['rebound.example', '/healthz', 200],
    ] as const)
      expect([host, path, await statusAt(api.url, path, host)]).toEqual([host, path, status]);
    await expect.poll(() => api.records).toHaveLength(4);
    expect(api.records[2]?.decisions).toMatchObject([{ step: 'origin', outcome: 'host_unknown' }]);
  });
});

test('the gate learns which endpoints are guarded and how many bytes come, and the answer says what is left of a limit', async () => {
  const { createPlayer, readHealth, readCookieAssay } = endpoints;
  const asked: unknown[] = [];
  const quota = { name: 'tries', limit: 9, windowSeconds: 60, remaining: 3, resetSeconds: 7 };
  const api = await serveTable(
    { createPlayer, readHealth, readCookieAssay },
    {
      createPlayer: () => Promise.reject(new Error('The handler must not run')),
      readHealth: () => ({ status: 'ok' as const }),
      readCookieAssay: () => assay,
    },
    {
      authenticate: async () => ({ ...niko, role: 'admin' }),
      askPrincipal: async () => ({ ...niko, role: 'admin' }),
      guardOrigin: (_request, isGuarded) => void asked.push(isGuarded),
      admitGrowth: (_endpoint, _principal, bytes) => {
        asked.push(bytes);
        return bytes > 0 ? Promise.resolve(quota) : undefined;
      },
    },
  );
  const { headers } = await api.send('GET', '/healthz');
  await api.send('GET', '/api/doctor/assay');
  expect([asked, headers.get('ratelimit')]).toEqual([[false, 0, true, 0], null]);
  const refused = await api.send('POST', '/api/players', { body: '{"name":"Ada"}' });
  expect(refused.body.code).toBe('invalid_request');
  expect(asked.slice(4)).toEqual([false, 14]);
  expect(refused.headers.get('ratelimit')).toBe('"tries";r=3;t=7');
});
