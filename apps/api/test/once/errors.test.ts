import { problems } from '@signet/contracts';
import { expect, test } from 'vitest';
import { AppError, codeOf } from '../../src/errors.ts';

test('an AppError without a message has the detail of its code in the table', () => {
  const cause = new Error('why');
  const error = new AppError('session_ended', { cause });
  expect(error).toMatchObject({ code: 'session_ended', message: problems.session_ended.detail, cause });
});

test('an AppError with a message keeps it, and takes its options after it', () => {
  const issues = [{ path: 'uid', message: 'User ID is missing' }];
  const error = new AppError('token_invalid', 'A message of its own', { issues });
  expect(error).toMatchObject({ code: 'token_invalid', message: 'A message of its own', issues });
});

test('an AppError needs a message where the table has no detail for its code', () => {
  // @ts-expect-error the table has no detail for not_found
  expect(new AppError('not_found').code).toBe('not_found');
});

test('codeOf reads the code of an error of the system, and of nothing else', () => {
  expect(codeOf(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBe('ENOENT');
  for (const other of [
    new Error('no code'),
    Object.assign(new Error('a number'), { code: 7 }),
    'ENOENT',
    null,
  ])
    expect(codeOf(other)).toBeUndefined();
});
