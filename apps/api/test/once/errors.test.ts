import { problems } from '@signet/contracts';
import { expect, test } from 'vitest';
import { AppError, codeOf, refusal } from '../../src/errors.ts';

test('an AppError without a message has the detail of its code in the table', () => {
  const cause = new Error('why');
  const error = new AppError('uid_taken', { cause });
  expect(error).toMatchObject({ code: 'uid_taken', message: problems.uid_taken.detail, cause });
});

test('an AppError with a message keeps it, and takes its options after it', () => {
  const issues = [{ path: 'uid', message: 'User ID is missing' }];
  const error = new AppError('invalid_request', 'A message of its own', { issues });
  expect(error).toMatchObject({ code: 'invalid_request', message: 'A message of its own', issues });
});

test('an AppError needs a message where the table has no detail for its code', () => {
  // @ts-expect-error the table has no detail for not_found
  expect(new AppError('not_found').code).toBe('not_found');
});

test('a refusal has the code and the detail of its rule, and keeps the rule', () => {
  expect(refusal('signature')).toMatchObject({
    code: 'token_invalid',
    message: problems.token_invalid.detail,
    rule: 'signature',
  });
  expect(refusal('bearer-syntax')).toMatchObject({
    code: 'invalid_request',
    message: 'The Authorization header must be "Bearer" and one token',
  });
});

test('an AppError with a code that rules lead to is made by its rule only', () => {
  // @ts-expect-error a refusal without its rule could not be explained
  expect(new AppError('token_invalid').rule).toBeUndefined();
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
