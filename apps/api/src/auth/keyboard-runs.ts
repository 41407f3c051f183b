/** What fingers run along: the rows of widespread keyboards, the columns of QWERTY, digits. */
const rows = (
  '1234567890 qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn ' +
  '1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm йцукенгшщзхъ фывапролджэ ячсмитьбю'
)
  .split(' ')
  .flatMap((row) => [row, Array.from(row).reverse().join('')]);

const shortestRun = 3;

/**
 * The text without its runs of three characters or more: one character repeated (`aaa`), neighbours in
 * Unicode (`abc`, `321`), and rows of the keyboard in either direction (`qwe`, `poi`). Expects folded text.
 */
export function withoutRuns(text: string): string {
  const characters = Array.from(text);
  const rest: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const length = runLength(characters, at);
    if (length < shortestRun) rest.push(...characters.slice(at, at + 1));
    at += length < shortestRun ? 1 : length;
  }
  return rest.join('');
}

/** The length of the longest run that begins at an index, in characters. */
function runLength(characters: readonly string[], from: number): number {
  const steps = [0, 1, -1].map((step) => {
    let end = from + 1;
    while (codeAt(characters, end) === codeAt(characters, end - 1) + step) end += 1;
    return end - from;
  });
  let text = '';
  for (const character of characters.slice(from)) {
    if (!rows.some((row) => row.includes(text + character))) break;
    text += character;
  }
  return Math.max(...steps, text.length);
}

function codeAt(characters: readonly string[], index: number): number {
  return characters[index]?.codePointAt(0) ?? Number.NaN;
}
