import { parseJson } from '../../apps/api/src/http/json.ts';
import { attempt, promise, type Target } from '../target.ts';

/** JSON bodies and the parts of tokens: what is accepted means the same to every parser. */
export const target: Target = {
  seeds: [
    '{"username":"toby","password":"123toby"}',
    '{"a":1,"a":2}',
    '{"a":{"b":[1,2,{"c":null}]},"\\u0061":true}',
    '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
    '{"__proto__":{"role":"admin"}}',
    '"\\ud83d\\ude00 \\ud83d"',
    '{"x":"\\"a\\":1","y":1e400,"z":-0}',
    '\ufeff{}',
  ],
  words: [
    '{"',
    '":',
    ',"',
    '"}',
    '\\"',
    '\\\\',
    '\\u0000',
    '\\ud800',
    'null',
    '1e5',
    '__proto__',
    'constructor',
  ],
  run(input) {
    const read = attempt(() => parseJson(input));
    if ('code' in read) {
      promise(read.code === 'invalid_request', `a refusal is invalid_request, not ${read.code}`);
      return;
    }
    const text = new TextDecoder('utf-8').decode(input);
    promise(
      JSON.stringify(JSON.parse(text)) === JSON.stringify(read.value),
      'it reads what JSON.parse reads',
    );
    promise(!namesTwice(text), 'no member is named twice');
    const printed = JSON.stringify(read.value);
    promise(textsIn(read.value).every(isStorable), 'no text has a NUL or a lone surrogate');
    const again = attempt(() => parseJson(Buffer.from(printed)));
    promise('value' in again && JSON.stringify(again.value) === printed, 'what it prints, it reads again');
  },
};

/** Names and texts at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)]);
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Reads the text by characters, in another way than the API does. The text is valid JSON. */
function namesTwice(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    if (character === '[') open.push(undefined);
    if (character === '}' || character === ']') open.pop();
    if (character !== '"') continue;
    const end = endOfText(text, at);
    const follows = text.slice(end).trimStart()[0];
    const name = follows === ':' ? (JSON.parse(text.slice(at, end)) as string) : undefined;
    const names = open.at(-1);
    if (name !== undefined && names?.has(name)) return true;
    if (name !== undefined) names?.add(name);
    at = end - 1;
  }
  return false;
}

function endOfText(text: string, begin: number): number {
  let at = begin + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
