import { expect, test } from 'vitest';
import { costOf } from '../../src/auth/password-methods.ts';

const own = 'argon2id:19456:2:1';

test.each([
  [[own], 68.4],
  [['scrypt:32768:8:1'], 128],
  [['scrypt:32768:8:2'], 256],
  [['pbkdf2:sha256:600000'], 150],
  [['pbkdf2:sha1:1000000'], 500],
  [['uncounted:sha256'], 0.25 * (1 + 50 + 150 + 260 + 600 + 1000) + 6 * 68.4],
  [['uncounted:other'], 0],
  [['pbkdf2:other:1000000'], 0],
  [['other:1000000:9:9'], 0],
  [[], 0],
  [[`pbkdf2:sha1:1000000+${own}`, own, 'pbkdf2:sha1:1000000'], 568.4],
])('the methods %j together cost %d ms', (methods, ms) => {
  expect(costOf(...methods)).toBeCloseTo(ms, 6);
});
