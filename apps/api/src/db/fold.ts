/**
 * The form in which user ids and names are compared: NFKC, case folded. Through upper case, because some
 * letters (ß, ς) have two lower-case forms and one upper-case form; through lower case before that, because ẞ
 * is upper case itself and would not become SS.
 *
 * A text that begins with another one folds to a text that begins with the other's fold, so that typing
 * more letters of a user id goes on finding it. Two things need care: `toLowerCase` writes a sigma at the
 * end of a word as ς and any other as σ (Unicode's SpecialCasing, Final_Sigma), so both become σ; and a
 * letter composes with the marks after it (and a Hangul consonant with its vowel), so that a prefix must
 * end where a user-perceived character ends.
 */
export function fold(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll('ς', 'σ');
}

/** The beginning of the folded text, short enough for an index entry in every database. */
export function foldPrefix(text: string): string {
  return fold(text).slice(0, 255).toWellFormed();
}
