import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  CreatePlayer,
  CreateUser,
  Name,
  NewName,
  NewUid,
  ReplaceUser,
  SignUp,
  Uid,
  UpdateUser,
} from '../src/index.ts';

const messageOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

const mixed = 'User ID has letters of more than one script';
const marked = 'User ID has an accent or mark that makes it look like another User ID';
const invisible = 'Name has an invisible character, or one that changes the direction of the text';

describe('a new user id', () => {
  test.each([
    ...[
      'toby',
      'Zoë',
      'Łukasz',
      'Straße',
      'Nguyễn',
      'İbrahim',
      'şule',
      'jānis',
      'o\u0358',
      'a.b-c_d@example.org',
      '42',
    ],
    ...[
      'Тоби',
      'Ελένη',
      'мария_99',
      'שָׁלוֹם',
      'مُحَمَّد',
      'محمد٤٢',
      'उमा',
      'हिन्दी',
      'বাংলা',
      'தமிழ்',
      'ไทย',
      'ქართული',
      'Հայկ',
      'አበበ',
    ],
    ...['李雷', '山田たろう', 'タロー', 'たろう々', '김철수', '金철수', 'ㄅㄆㄇ', '中ㄅ文', 'ᎣᏏᏲ', 'ⵜⴰⵎ'],
  ])('a new user id of one writing system is accepted: %s', (uid) => {
    expect(messageOf(NewUid, uid)).toBeUndefined();
  });

  test.each([
    ['Latin and Cyrillic', 't\u043eby'],
    ['Latin and Greek', 'nik\u03bf'],
    ['Cyrillic and Greek', 'ник\u03bf'],
    ['Latin and Armenian', 'niko\u0578'],
    ['Latin and Cherokee', 'toby\u13aa'],
    ['Latin and Han', 'tom田'],
    ['Latin and Arabic digits', 'toby\u0664'],
    ['Hangul and Hiragana', '김たろう'],
    ['Latin with a mathematical Greek letter', 'tob\u{1d6d0}'],
  ])('a new user id that mixes %s is refused', (_, uid) => {
    expect(messageOf(NewUid, uid)).toBe(mixed);
  });

  test.each([
    ['a dot above i', 'ni\u0307ko'],
    ['a dot above j', 'j\u0307an'],
    ['a dot above l', 'l\u0307ex'],
    ['a dot above the dotless i', 'n\u0131\u0307ko'],
    ['a dot above an i with another mark', 'ni\u0323\u0307ko'],
    ['a dot above an i with a mark that stays beside it', 'ni\u0316\u0307ko'],
    ['a dot above a j with a stroke', 'a\u0249\u0307an'],
    ['a stroke over o', 'to\u0338by'],
    ['a bar over l', 'l\u0335ex'],
    ['the same mark twice', 'to\u0331\u0331by'],
    ['five marks', 'to\u0323\u0324\u0325\u032d\u032e\u0330by'],
  ])('a new user id with %s is refused', (_, uid) => {
    expect(messageOf(NewUid, uid)).toBe(marked);
  });

  test('a new user id has letters of any script as long as it is one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 2, maxLength: 20 }), (text) => {
        const taken = NewUid.safeParse(text);
        const [hasLatin, hasOther] = [/\p{sc=Latin}/u, /[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]/u].map(
          (script) => script.test(taken.data ?? ''),
        );
        expect(hasLatin && hasOther).toBe(false);
        if (taken.success) expect(NewUid.parse(taken.data)).toBe(taken.data);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a new name', () => {
  test.each([
    ...[
      'Ada Lovelace',
      'Иван (Ivan)',
      '山田 Taro',
      "Anne-Marie O'Neill",
      'Dr. Zoë M. 3rd',
      'Łukasz Żółć',
      'مُحَمَّد',
      '李雷',
    ],
    // Persian, Hindi and Sinhala need a joiner within a word; Japanese
    // names need variants; emoji are sequences.
    ...[
      'علی\u200cرضا',
      'क्\u200dष',
      'ක්\u200dෂ',
      '葛\u{e0100}城',
      '👩\u200d💻 Ada',
      '❤\ufe0f',
      '👩🏽\u200d🚀',
      '🏳\ufe0f\u200d🌈',
    ],
  ])('a new name is accepted: %s', (name) => {
    expect(messageOf(NewName, name)).toBeUndefined();
  });

  test.each([
    ...[
      'Tom \u202enimda',
      'Tom\u200b',
      'To\u200dm',
      'To\u00adm',
      'Tom\u2066 x',
      'Tom\u061c',
      '\u3164\u3164',
      '\u115f\u1160',
    ],
    ...[
      '\u2800\u2800',
      'Tom\u2028Jones',
      'Tom\ufe0f',
      'علی\u200c',
      'To\u034fm',
      'To\u{e0041}m',
      '\u{1d159}\u{1d159}',
    ],
  ])('a new name with an invisible or reordering character is refused: %j', (name) => {
    expect(messageOf(NewName, name)).toBe(invisible);
  });

  test.each(['\u0301\u0301', ' \u00a0\u3000 ', '\u0301 \u0301'])(
    'without a letter is refused: %j',
    (name) => {
      expect(['Name has no letter', 'Name is missing, or is less than 2 characters']).toContain(
        messageOf(NewName, name),
      );
    },
  );

  test('a new name shows each default ignorable character, or is refused', () => {
    const accepted = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (!/[\p{Default_Ignorable_Code_Point}\p{Cf}]/u.test(character)) continue;
      if (NewName.safeParse(`Tom${character}my`).success) accepted.push(code.toString(16));
    }
    expect(accepted).toEqual([]);
  });

  test('a new name of any length is judged in linear time', () => {
    for (const unit of ['a', '👩\u200d', 'ع\u200c', '❤\ufe0f', 'ि', '\u200d'])
      NewName.safeParse(unit.repeat(50_000 / unit.length));
  });
});

const old = { name: 'Tom \u202enimda', uid: 't\u043eby' };

test('the rules for new names and user ids hold where they are chosen, and not for what is stored', () => {
  expect([messageOf(Name, old.name), messageOf(Uid, old.uid)]).toEqual([undefined, undefined]);
  for (const schema of [SignUp, CreateUser, CreatePlayer]) {
    const issues = schema.safeParse({ ...old, password: 'analytical' }).error?.issues;
    expect(issues?.map(({ path, message }) => [path[0], message])).toEqual([
      ['name', invisible],
      ['uid', mixed],
    ]);
  }
  for (const schema of [ReplaceUser, UpdateUser]) expect(schema.safeParse(old).success).toBe(true);
});
