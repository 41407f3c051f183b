/** The scripts of UAX #31, table 5, which are in widespread use today. */
const scripts = [
  ...['Arabic', 'Armenian', 'Bengali', 'Bopomofo', 'Cyrillic', 'Devanagari', 'Ethiopic', 'Georgian', 'Greek'],
  ...['Gujarati', 'Gurmukhi', 'Han', 'Hangul', 'Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao'],
  ...['Latin', 'Malayalam', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
];

/** Scripts that are written together (UTS #39, section 5.1: augmented script sets). */
const mixtures = [
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
];

/** Made when a user id is first checked: it takes a browser milliseconds, at the start of pages that check none. */
const singleScripts = atFirstUse(() =>
  [
    ...[...scripts.map((script) => [script]), ...mixtures].map(
      (each) => `[${classOf(['Common', 'Inherited', ...each])}]`,
    ),
    // Any other script: its letters may stand together, and not beside those above.
    `[^${classOf(scripts)}]`,
  ].map((characters) => new RegExp(`^(?:${characters})*$`, 'u')),
);

/**
 * Whether all characters can be of one script (UTS #39, section 5.1), so that no letter can be
 * replaced by one of another script that is drawn alike (Latin o, Cyrillic о, Greek ο). Digits
 * and punctuation belong to every script.
 */
export function isSingleScript(text: string): boolean {
  return singleScripts().some((script) => script.test(text));
}

/**
 * Marks that turn a letter into the likeness of another: a dot above a letter that has one already, or on l
 * and the dotless letters; strokes, hooks and enclosures drawn over a letter; and the same mark twice, one
 * drawn over the other (UTS #39, section 5.4).
 */
const confusingMark =
  /[\p{Soft_Dotted}l\u0131\u0237]\p{Mn}*\u0307|[\u0321\u0322\u0334-\u0338\u20d0-\u20ff]|(\p{Mn})\1|\p{Mn}{5}/u;

/** Whether a text in NFKC has a mark that makes it look like another text. */
export function hasConfusingMark(text: string): boolean {
  return confusingMark.test(text);
}

/**
 * Characters that are drawn, and those that are not drawn where a text needs them: joiners within a
 * word of the Arabic and Indic scripts, joiners and presentation selectors within an emoji, variants of
 * a Han character. Format characters (\p{Cf}) reorder or hide what surrounds them; blank symbols
 * (U+2800, U+1D159) are spaces in disguise.
 */
const visible = atFirstUse(
  () =>
    new RegExp(
      `^(?:${[
        '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?\\u200d(?=\\p{Extended_Pictographic})',
        '\\p{Emoji}[\\ufe0e\\ufe0f]',
        '\\p{scx=Han}[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
        `(?=[\\p{L}\\p{M}])[${classOf(['Arabic', 'Bengali', 'Devanagari', 'Gujarati', 'Gurmukhi', 'Kannada', 'Khmer'])}${classOf(
          ['Malayalam', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu'],
        )}][\\u200c\\u200d](?=[\\p{L}\\p{M}])`,
        '(?![\\u2800\\u{1d159}])[^\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Zl}\\p{Zp}]',
      ].join('|')})*$`,
      'u',
    ),
);

/**
 * Whether a text has a character that cannot be seen, or that changes the order in which others are drawn.
 */
export function hasInvisibleCharacter(text: string): boolean {
  return !visible().test(text);
}

function classOf(names: readonly string[]): string {
  return names.map((name) => `\\p{scx=${name}}`).join('');
}

/** The value that `make` returns, made once. */
function atFirstUse<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
