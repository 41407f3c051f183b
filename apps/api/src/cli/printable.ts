/**
 * What is invisible, moves the cursor, or turns the direction of text round: categories C and the
 * line separators.
 */
const notPrintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * The text with everything that is not printable escaped as JSON does (`\u001b`), because names and file
 * names come from others and must not control the operator's terminal or forge lines of a report.
 */
export function printable(text: string): string {
  return text.replace(notPrintable, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** The same for what a command prints as a whole, whose line breaks and tabs are its own. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
