import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseGuessable } from '../../src/auth/password-policy.ts';
import { AppError } from '../../src/errors.ts';

const ann = { uid: 'annsmith', name: 'Ann-Marie Smithson' };

const common = 'This password is one of the most common';
const run = 'This password is one character repeated, or a row of the alphabet or the keyboard';
const own = "The password is little more than the user's own id or name";

function refusalOf(password: string, owner = ann): string | undefined {
  try {
    refuseGuessable(password, owner, 'new_password');
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error).toMatchObject({
      code: 'invalid_request',
      issues: [{ path: 'new_password', message: error.message }],
    });
    return error.message;
  }
}

describe('a new password is refused', () => {
  test.each([
    ...[
      'password',
      'Password!',
      'PASSWORD1',
      'password1234',
      'iloveyou2',
      'princess1',
      'football1',
      'changeme',
    ],
    ...['letmein123', 'trustno1', '1q2w3e4r', 'welcome123', 'ｐａｓｓｗｏｒｄ', 'baseball', 'corvette'],
  ])(
    'a new password is refused as one of the most common, in whatever case and Unicode form: %s',
    (password) => {
      expect(refusalOf(password)).toBe(common);
    },
  );

  test.each([
    ...[
      'aaaaaaaa',
      '55555555',
      '!!!!!!!!!!!!',
      '字字字字字字字字',
      '🦊🦊🦊🦊🦊🦊🦊🦊',
      'aaaaaaaab',
      'x'.repeat(256),
    ],
    ...[
      'abcdefgh',
      'hgfedcba',
      'абвгдежз',
      'ABCDEFGH',
      '87654321!',
      'opqrstuvwxyz',
      'qweqweqwe',
      'asdasdasd',
    ],
    ...[
      'qwertyuiop!',
      'POIUYTREWQ',
      '.asdfghjkl.',
      'zxcvbnm,./',
      'azertyuiop',
      'qwertzui',
      'йцукенгш',
      'лджэлджэ',
    ],
    ...['1qaz2wsx3edc', 'abcd1234xyz', 'aaaabbbbcccc', '0987654321a'],
  ])(
    'a new password is refused as a repetition or a row, with at most three characters around it: %s',
    (password) => {
      expect([common, run]).toContain(refusalOf(password));
    },
  );

  test.each([
    ...[
      'annsmith',
      'AnnSmith1',
      '!annsmith!',
      'annsmith99',
      'ANNSMITH123',
      '123annsmith',
      'annsmithannsmith',
    ],
    ...[
      'Ann-Marie Smithson',
      'annmariesmithson',
      'Smithson1',
      'smithson!!',
      'mariesmithson',
      'annsmith12345',
    ],
    'ａｎｎｓｍｉｔｈ１',
  ])(
    'a new password is refused as the user id or name, with at most three characters around it: %s',
    (password) => {
      expect(refusalOf(password)).toBe(own);
    },
  );

  test('a new password is refused as one of the 3000 most common that fit the policy', () => {
    const fitting = dictionary['passwords-common'].filter((password) => password.length >= 8).slice(0, 3000);
    expect(fitting).toHaveLength(3000);
    expect(fitting.filter((password) => refusalOf(password) !== common)).toEqual([]);
  });

  test('a new password is refused as a short user id or name that is repeated or has a row beside it', () => {
    expect(refusalOf('adaada12345', { uid: 'ada', name: 'Ada Lovelace' })).toBe(own);
    expect(refusalOf('tobytoby', { uid: 'toby', name: 'Thomas Edison' })).toBe(own);
    expect(refusalOf('annsmith1', { uid: 'annsmith@example.org', name: 'Ann' })).toBe(own);
    expect(refusalOf('李小龙李小龙李小龙', { uid: '李小龙', name: '李小龙' })).toBe(own);
  });
});

test.each([
  ...['correct horse battery staple', 'analytical engine', 'alternating current', 'twenty years at sea'],
  ...[
    'annsmith has a dog',
    'qwerty is a keyboard',
    'kX9#vP2m',
    'Tr0ub4dor&3',
    '123toby-and-more',
    'boxcarannex',
  ],
])('a password with enough besides is accepted: %s', (password) => {
  expect(refusalOf(password)).toBeUndefined();
});

test('a name without letters, or of two letters, does not refuse unrelated passwords', () => {
  for (const name of ['--', '. .', 'an', '12'])
    expect(refusalOf('banana republic', { uid: name, name })).toBeUndefined();
});

test('any password of any owner is judged without another exception', () => {
  const text = fc.string({ unit: 'binary', maxLength: 256 });
  fc.assert(
    fc.property(text, text, text, (password, uid, name) => {
      refusalOf(password, { uid, name });
    }),
  );
});

test.each([
  ['the name without its spaces', 'jobo12', { uid: 'zz', name: 'Jo Bo' }],
  ['a word of four letters', 'anne123', { uid: 'zz-anne', name: 'Q R' }],
  ['the longer of two parts, one of which begins the other', 'smithersx1', { uid: 'smit', name: 'Smithers' }],
])('a new password is refused for %s', (_, password, owner) => {
  expect(refusalOf(password, owner)).toBe(own);
});

test('a new password may have the short words of a name, which are in unrelated words, too', () => {
  expect(refusalOf('abqabwabe', { uid: 'ab-smithers', name: 'Ab Smithers' })).toBeUndefined();
});

test('the member of a refused password is `password` where the request calls it so', () => {
  expect(() => refuseGuessable('password', ann)).toThrow(
    expect.objectContaining({ issues: [{ path: 'password', message: common }] }),
  );
});
