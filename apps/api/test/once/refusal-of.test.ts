import { expect, test } from 'vitest';
import { AppError, type RefusalFacts } from '../../src/errors.ts';
import { refusalOf } from '../../src/http/refusal-of.ts';
import { requestOf } from '../request-of.ts';
import { niko } from '../serve-table.ts';

/** What the audit log gets of a refused request with these members. */
function refused(request: object, facts?: RefusalFacts) {
  const error = new AppError('uid_taken');
  error.facts = facts;
  const whole = requestOf({
    id: 'the-id-of-the-request',
    method: 'PATCH',
    path: '/api/users/7',
    route: { path: '/api/users/:id' },
    headers: { 'user-agent': 'a browser' },
    socket: { remoteAddress: '192.0.2.1' },
    ...request,
  });
  return refusalOf(whole, error);
}

test('a refusal of a stranger tells what was tried, by its route and its number, and from where', () => {
  expect(refused({})).toEqual({
    code: 'uid_taken',
    from: { ip: '192.0.2.1', user_agent: 'a browser', request_id: 'the-id-of-the-request' },
    user_id: null,
    session_id: null,
    detail: { tried: 'PATCH /api/users/:id', id: '7', user_agent: 'a browser' },
  });
});

test('a refusal of a signed-in caller names them, and the user whom it is about before them', () => {
  expect(refused({ principal: niko })).toMatchObject({
    user_id: 2,
    session_id: 'a session',
    detail: { carrier: 'bearer' },
  });
  expect(refused({ principal: niko }, { user_id: 3, detail: { why: 'a fact' } })).toMatchObject({
    user_id: 3,
    session_id: 'a session',
    detail: { carrier: 'bearer', why: 'a fact' },
  });
});

test.each([
  [{ route: undefined, path: '/7/a-token' }, { tried: 'PATCH none' }],
  [{ route: { path: /^\/./ }, path: '/7' }, { tried: 'PATCH none' }],
  [
    { route: { path: '/api/posts/:id/image' }, path: '/api/posts/12/image' },
    { tried: 'PATCH /api/posts/:id/image', id: '12' },
  ],
  [{ route: { path: '/api/sessions/:id' }, path: '/api/sessions/a7' }, { tried: 'PATCH /api/sessions/:id' }],
  [
    { route: { path: '/api/users/:id' }, path: '/api/users/1234567890123456' },
    { tried: 'PATCH /api/users/:id' },
  ],
  [{ route: { path: '/problems/:code' }, path: '/problems/7' }, { tried: 'PATCH /problems/:code' }],
])('of a request with %j the log learns %j', (request, detail) => {
  expect(refused(request).detail).toEqual({ ...detail, user_agent: 'a browser' });
});
