import { expect, test } from 'vitest';
import {
  type AnswerOf,
  type BodyOf,
  createClient,
  type Endpoints,
  endpoints,
  type ParamsOf,
} from '../src/index.ts';

const { call } = createClient({
  baseUrl: 'http://127.0.0.1:1',
  fetch: () => Promise.reject(new TypeError('never sent')),
});

/** Never run: these lines only have to compile, or have to fail to. */
export const promises = () => [
  call(endpoints.readProtected),
  call(endpoints.listUsers),
  call(endpoints.listUsers, { query: { limit: 5, q: 'to' } }),
  call(endpoints.readUser, { params: { id: 1 } }),
  call(endpoints.refreshSession),
  call(endpoints.createToken, { body: { username: 'toby', password: '123toby' } }),
  call(endpoints.createPost, { body: { note: 'Hello' } }),
  call(endpoints.createPost, { body: { note: 'Hello' }, image: new Blob() }),
  call(endpoints.updatePost, { params: { id: 1 }, image: new Blob() }),
  call(endpoints.updatePost, { params: { id: 1 }, body: { image: null } }),
  call(endpoints.createPlayer, { body: { name: 'Ada', uid: 'ada', password: 'analytical' } }),
  // @ts-expect-error a post needs a note, with an image too
  call(endpoints.createPost, { image: new Blob() }),
  // @ts-expect-error an image is bytes, not a name
  call(endpoints.createPost, { body: { note: 'Hello' }, image: 'ncs_logo.png' }),
  call(endpoints.createPlayer, {
    body: { name: 'Ada', uid: 'ada', password: 'analytical' },
    // @ts-expect-error this endpoint takes no image
    image: new Blob(),
  }),
  // @ts-expect-error in JSON an image can only be taken away
  call(endpoints.updatePost, { params: { id: 1 }, body: { image: 'ncs_logo.png' } }),
  // @ts-expect-error the body is missing
  call(endpoints.createToken),
  // @ts-expect-error /token calls it username
  call(endpoints.createToken, { body: { uid: 'toby', password: '123toby' } }),
  // @ts-expect-error a member that the contract does not name
  call(endpoints.createToken, { body: { username: 'toby', password: '123toby', admin: true } }),
  // @ts-expect-error there is no such role
  call(endpoints.createUser, { body: { name: 'Ada', uid: 'ada', password: 'analytical', role: 'root' } }),
  // @ts-expect-error the path needs an id
  call(endpoints.readUser),
  // @ts-expect-error the parameter has another name
  call(endpoints.readUser, { params: { uid: 1 } }),
  // @ts-expect-error this endpoint takes no body
  call(endpoints.readProtected, { body: {} }),
  // @ts-expect-error this endpoint takes no query
  call(endpoints.readMe, { query: { limit: 1 } }),
];

test('the types of bodies, parameters and answers are derived from the table', () => {
  const body: BodyOf<Endpoints['authenticateUser']> = { uid: 'toby', password: '123toby' };
  const params: ParamsOf<Endpoints['readUser']> = { id: 1 };
  const identity: AnswerOf<Endpoints['readProtected']> = { id: 1, username: 'toby' };
  const nothing: AnswerOf<Endpoints['endCurrentSession']> = undefined;
  const page: AnswerOf<Endpoints['listUsers']> = { items: [] };
  const image: AnswerOf<Endpoints['readPostImage']> = new Blob();
  // @ts-expect-error an answer without the name
  const wrong: AnswerOf<Endpoints['readProtected']> = { id: 1 };
  expect([body, params, identity, nothing, page, image, wrong]).toHaveLength(7);
});
