/**
 * The form in which user ids and names are compared: NFKC, case folded. Upper case first, since some letters (ß, ς)
 * have two lower-case spellings and one upper-case one.
 */
export function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** As much of it as an index entry of every database takes. */
export function foldPrefix(text: string): string {
  return fold(text).slice(0, 255).toWellFormed();
}
