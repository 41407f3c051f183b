/**
 * The form in which user ids and names are compared: NFKC, case folded. Through upper case, since some letters (ß, ς)
 * have two lower-case spellings and one upper-case one; and lower case before that, since ẞ is upper case itself and
 * would not become SS.
 */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

/** As much of it as an index entry of every database takes. */
export function foldPrefix(text: string): string {
  return fold(text).slice(0, 255).toWellFormed();
}
