import { expect, test } from 'vitest';
import type { z } from 'zod';
import {
  AuditQuery,
  ChangePassword,
  CreatePlayer,
  CreatePost,
  Credentials,
  DeleteUser,
  ExchangeQuery,
  IdParams,
  maxId,
  maxImageBytes,
  Note,
  RefreshRequest,
  SessionId,
  TokenRequest,
  UpdatePost,
  UserQuery,
} from '../src/index.ts';

/** The first issue, as `path: message`. */
function issueOf(schema: z.ZodType, value: unknown): string | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue && `${issue.path.join('.')}: ${issue.message}`;
}

const credentials = { uid: 'toby', password: '123toby' };
const token = { username: 'toby', password: '123toby' };
const player = { name: 'Ada Lovelace', uid: 'ada', password: 'a long enough sentence' };

const refusals = [
  [Credentials, { password: 'x' }, 'uid: User ID is missing'],
  [Credentials, { ...credentials, uid: '' }, 'uid: User ID is missing'],
  [Credentials, { uid: 'toby' }, 'password: Password is missing'],
  [Credentials, { ...credentials, password: '' }, 'password: Password is missing'],
  [Credentials, null, ': Please provide user details'],
  [TokenRequest, { password: 'x' }, 'username: User ID is missing'],
  [TokenRequest, { ...token, username: '' }, 'username: User ID is missing'],
  [DeleteUser, {}, 'current_password: Current password is missing'],
  [
    ChangePassword,
    { current_password: '', new_password: 'x' },
    'current_password: Current password is missing',
  ],
  [RefreshRequest, {}, 'refresh_token: refresh_token must be a string'],
  [RefreshRequest, { refresh_token: 'x'.repeat(513) }, 'refresh_token: refresh_token is too long'],
  [CreatePost, undefined, ': Please provide a note'],
  [CreatePost, {}, 'note: Note is missing'],
  [CreatePost, { note: '' }, 'note: Note is missing'],
  [CreatePost, { note: 'x'.repeat(10_001) }, 'note: Note is more than 10000 characters'],
  [CreatePost, { note: 'x', extra: 1 }, ': Unrecognized key: "extra"'],
  [
    UpdatePost,
    { image: 'a.png' },
    'image: image may only be null here; an image is sent as multipart/form-data',
  ],
  [CreatePlayer, 'a player', ': Please provide player details'],
  [CreatePlayer, { ...player, name: '\u0300\u0301' }, 'name: Name has no letter'],
  [CreatePlayer, { ...player, tokens: 1.5 }, 'tokens: Tokens must be a whole number'],
  [CreatePlayer, { ...player, tokens: -1 }, 'tokens: Tokens must not be negative'],
  [CreatePlayer, { ...player, tokens: maxId + 1 }, 'tokens: Tokens must be at most 2147483647'],
  [IdParams, { id: 'me' }, 'id: id must be a positive whole number'],
  [IdParams, { id: String(maxId + 1) }, 'id: id is too large'],
  [SessionId, 'x'.repeat(21), ': Not a session id'],
  [UserQuery, { q: 'x'.repeat(256) }, 'q: q is more than 255 characters'],
  [UserQuery, { sort: 'oldest' }, 'sort: sort must be name or newest'],
  [UserQuery, { q: 'a', sort: 'name' }, 'sort: A search is sorted by what matched: leave sort out, or q'],
  [AuditQuery, { event: 'rain' }, 'event.0: event must be names of audit events, with commas between them'],
  [AuditQuery, { event: [7] }, 'event.0: event must be names of audit events, with commas between them'],
  ...['0x1', '01', '1a', 'a1', '1.5', '1.0', '1e3', '12345678901', ' 1', '1 ', '-', ''].map(
    (user) => [AuditQuery, { user }, 'user: user must be the id of a user'] as const,
  ),
  [AuditQuery, { user: ['1'] }, 'user: user must be the id of a user'],
  [AuditQuery, { user: String(maxId + 1) }, 'user: user is too large'],
  [ExchangeQuery, { since: 'now' }, 'since: must be "start", or the id of an exchange'],
] as const;

test.each(refusals.map(([schema, value, issue]) => [issue, value, schema] as const))(
  'a refusal names the member and the reason: %s for %j',
  (issue, value, schema) => {
    expect(issueOf(schema, value)).toBe(issue);
  },
);

test('the largest id, the largest image, the user of an event and an order without a search are taken as they are', () => {
  expect(IdParams.parse({ id: String(maxId) })).toEqual({ id: maxId });
  expect(maxImageBytes).toBe(5_242_880);
  expect(AuditQuery.parse({ user: '12' }).user).toBe(12);
  expect(UserQuery.parse({ sort: 'name' }).sort).toBe('name');
});

test.each([
  ['a\r\nb', 'a\nb'],
  ['a\rb', 'a\nb'],
  ['a\n\r\nb', 'a\n\nb'],
])('a line break in a note is a line feed: %j', (sent, kept) => {
  expect(Note.parse(sent)).toBe(kept);
});
