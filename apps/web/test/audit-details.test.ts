import type { AuditEvent } from '@signet/contracts';
import { expect, test } from 'vitest';
import { detailInWords } from '../src/pages/audit-details.ts';
import { auditEvent } from './fake-api.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const details: [AuditEvent['detail'], string][] = [
  [
    { code: 'credentials_invalid', tried: 'POST /token', carrier: 'bearer', user_agent: firefox },
    'POST /token, by bearer token, Firefox on Linux',
  ],
  [{ unknown_uid: '3f2a9c', carrier: 'cookie' }, 'unknown user ID, by cookie'],
  [{ code: 'forbidden', tried: 'PATCH /api/users/:id', id: '3' }, 'PATCH /api/users/3'],
  [{ code: 'token_missing', tried: 'GET none' }, 'no token, GET to an unknown path'],
  [{ by: 1, count: 3 }, '3 sessions'],
  [{ by: 1, reason: 'too_many_sessions' }, 'too many sessions'],
  [{ granted: false }, 'refused'],
  [{ uid: 'ada', role: 'user', by: null }, 'user ID ada, role user'],
  [
    { members: 'name uid dob', uid: 'niko2', former_uid: 'niko', by: 1 },
    'name and user ID and date of birth, user ID niko2, formerly niko',
  ],
  [{ post_id: 3, members: 'note image', by: 1 }, 'post 3, text and image'],
  [{ player_id: 4, uid: 'zoe', by: 1 }, 'player 4, user ID zoe'],
  [{ users: 1, players: 2, posts: 7, by: 0 }, '1 user, 2 players, 7 posts'],
  [{ something_else: 1 }, 'something else: 1'],
];

test.each(details)('the detail %o of an audit event is shown in words', (detail, words) => {
  expect(detailInWords(auditEvent({ detail }))).toBe(words);
});
