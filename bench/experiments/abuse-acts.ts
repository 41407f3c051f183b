import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Caller, CallOptions } from '../rig/calls.ts';
import { holdRequest } from '../rig/hold-request.ts';
import { formHeaders, formOf, pictureOf } from '../rig/pictures.ts';

export type Culprit = {
  readonly port: number;
  readonly id: number;
  readonly uid: string;
  readonly password: string;
  readonly address: string;
  /** User ids at which it guesses passwords. */
  readonly victims: readonly string[];
  /** Tokens of live sessions, the latest last. */
  readonly tokens: string[];
  readonly posts: { readonly id: number; readonly image: string | null }[];
};

/** An act is done again and again on a connection of its own. It returns its answer, unless it reads none. */
export type Act = {
  readonly name: string;
  /** What the API may answer, in addition to 401, 429 and a 503 with Retry-After. */
  readonly may: readonly number[];
  /**
   * An act of many small writes begins later, because it would use up the minute's writes before the
   * large ones.
   */
  readonly afterSeconds?: number;
  readonly run: (culprit: Culprit, call: Caller['call']) => Promise<Answer | undefined>;
};

type HeldOptions = { readonly headers?: Record<string, string>; readonly body?: Buffer };

const largestBytes = 5 * 1024 * 1024;
const longNote = '字'.repeat(10_000);

const as = ({ address, tokens }: Culprit, options: CallOptions = {}): CallOptions => ({
  token: tokens.at(-1) ?? '',
  ...options,
  headers: { 'x-forwarded-for': address, ...options.headers },
});
const hold = (culprit: Culprit, requestLine: string, { headers, body }: HeldOptions = {}) => {
  const { token, headers: own } = as(culprit);
  return holdRequest(
    culprit.port,
    requestLine,
    { ...own, authorization: `Bearer ${token}`, ...headers },
    body,
  );
};
const pictured = () => ({ body: formOf('x', pictureOf(largestBytes)), headers: formHeaders });
const random = () => randomBytes(9).toString('hex');
const puppet = (prefix: string) => ({ name: 'Puppet', uid: `${prefix}-${random()}`, password: random() });

const postPicture: Act = {
  name: 'POST /api/posts, 5 MiB',
  may: [201, 403],
  run: async (culprit, call) => keepPost(culprit, await call('POST', '/api/posts', as(culprit, pictured()))),
};
const holdUpload: Act = {
  name: 'POST /api/posts, held back',
  may: [400, 408],
  run: (culprit) => {
    const { body, headers } = pictured();
    const length = { 'content-length': String(body.length) };
    return hold(culprit, 'POST /api/posts', {
      headers: { ...headers, ...length },
      body: body.subarray(0, -100),
    });
  },
};
const leaveImageUnread: Act = {
  name: 'GET /api/posts/:id/image, unread',
  may: [],
  run: (culprit) => hold(culprit, `GET /api/posts/${imageOf(culprit)}/image`),
};

/** One act for each of the 20 connections. */
export const acts: readonly Act[] = [
  postPicture,
  postPicture,
  {
    name: 'PATCH /api/posts/:id, 5 MiB',
    may: [200, 403, 404],
    run: (culprit, call) => call('PATCH', `/api/posts/${imageOf(culprit)}`, as(culprit, pictured())),
  },
  // Two, because three take up all the room that a user has for uploads, and no picture would be stored.
  holdUpload,
  holdUpload,
  {
    name: 'POST /token, held back',
    may: [400, 408],
    run: (culprit) => {
      const headers = { 'content-type': 'application/json', 'content-length': '99999' };
      return hold(culprit, 'POST /token', { headers, body: Buffer.from('{'.padEnd(50_000)) });
    },
  },
  leaveImageUnread,
  leaveImageUnread,
  {
    name: 'GET /api/posts, unread',
    may: [],
    run: (culprit) => hold(culprit, 'GET /api/posts?limit=500'),
  },
  {
    name: 'GET /api/posts/:id/image',
    may: [200, 404],
    run: (culprit, call) => call('GET', `/api/posts/${imageOf(culprit)}/image`, as(culprit)),
  },
  {
    name: 'POST /api/posts, 30 kB',
    may: [201, 403],
    afterSeconds: 6,
    run: async (culprit, call) =>
      keepPost(culprit, await call('POST', '/api/posts', as(culprit, { body: { note: longNote } }))),
  },
  {
    name: 'PATCH /api/users/:id',
    may: [200],
    afterSeconds: 8,
    run: (culprit, call) =>
      call('PATCH', `/api/users/${culprit.id}`, as(culprit, { body: { name: random().repeat(10) } })),
  },
  {
    name: 'POST /api/users',
    may: [201],
    afterSeconds: 4,
    run: (culprit, call) => call('POST', '/api/users', as(culprit, { body: puppet('p') })),
  },
  {
    name: 'POST /api/users/signup',
    may: [201],
    run: (culprit, call) => call('POST', '/api/users/signup', as(culprit, { body: puppet('s') })),
  },
  {
    name: 'PUT /api/users/me/password',
    may: [200],
    run: async (culprit, call) => {
      // Ten wrong ones use up the failures of 15 minutes, and no right one is checked after that.
      const isWrong = Math.random() < 0.1;
      const current_password = isWrong ? random() : culprit.password;
      const body = { current_password, new_password: culprit.password };
      // A right one ends all sessions. More of them would keep the other connections from doing anything.
      await delay(2000);
      return keepToken(culprit, await call('PUT', '/api/users/me/password', as(culprit, { body })));
    },
  },
  {
    name: 'POST /token, own password',
    may: [200],
    run: async (culprit, call) => {
      const body = { username: culprit.uid, password: culprit.password };
      return keepToken(culprit, await call('POST', '/token', as(culprit, { body })));
    },
  },
  {
    name: 'POST /token, guesses',
    may: [],
    run: (culprit, call) => {
      const username = culprit.victims[Math.floor(Math.random() * culprit.victims.length)] ?? '';
      return call('POST', '/token', as(culprit, { body: { username, password: random() } }));
    },
  },
  {
    name: 'POST /api/sessions/refresh, rubbish',
    may: [],
    run: (culprit, call) =>
      call('POST', '/api/sessions/refresh', as(culprit, { body: { refresh_token: random() } })),
  },
  {
    name: 'GET /api/users?q=',
    may: [200],
    run: (culprit, call) =>
      call('GET', `/api/users?limit=500&q=${'psv'[Math.floor(Math.random() * 3)]}`, as(culprit)),
  },
  {
    name: 'what it may not do, and deletions',
    may: [200, 204, 403, 404],
    run: (culprit, call) => {
      const choice = Math.random();
      if (choice < 0.3) return call('GET', '/api/audit', as(culprit));
      if (choice < 0.6) return call('DELETE', '/api/posts/1', as(culprit));
      if (choice < 0.8) return call('GET', '/api/sessions?limit=500', as(culprit));
      // Makes room for the next picture.
      const post = choice < 0.81 ? culprit.posts.shift() : undefined;
      return call('DELETE', `/api/posts/${post?.id ?? 999_999_999}`, as(culprit));
    },
  },
];

function imageOf({ posts }: Culprit): number {
  const withImage = posts.filter(({ image }) => image !== null);
  return withImage[Math.floor(Math.random() * withImage.length)]?.id ?? 4;
}

function keepPost({ posts }: Culprit, answer: Answer): Answer {
  if (answer.status === 201) posts.push(JSON.parse(answer.text));
  return answer;
}

function keepToken({ tokens }: Culprit, answer: Answer): Answer {
  if (answer.status === 200) tokens.push(JSON.parse(answer.text).token);
  return answer;
}
