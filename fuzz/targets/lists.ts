import { endpoints, maxId } from '@signet/contracts';
import { cursorOf, numbersInCursor, pageOf, placeInCursor } from '../../apps/api/src/http/page.ts';
import { parseQuery } from '../../apps/api/src/http/query.ts';
import { attempt, promise, type Target } from '../target.ts';

const queries = Object.values(endpoints).flatMap((endpoint) => ('query' in endpoint ? [endpoint.query] : []));
const cursor = (key: string) => Buffer.from(key).toString('base64url');

/** Query strings of lists, and the cursors in them. */
export const target: Target = {
  seeds: [
    'limit=10&after=MTI',
    `q=%CE%BF%CE%B4&sort=name&after=${cursor('12.οδυσσευς')}`,
    `after=${cursor('10.12')}`,
    `after=${cursor('1700000000000.AAAAAAAAAAAAAAAAAAAAAA')}`,
    'event=sign_in&user=toby&from=2026-01-01&to=2026-12-31',
    'limit=1&limit=2&__proto__=x&q=%00',
    'q=%ff',
    'after=start',
  ],
  words: [
    'limit=',
    'after=',
    '&',
    '%',
    '%00',
    '%ED%A0%80',
    '+',
    'role=admin',
    'sort=newest',
    '9'.repeat(20),
    cursor('1.a'),
  ],
  run(input) {
    const text = input.toString('latin1');
    const query = attempt(() => parseQuery(text));
    if ('code' in query) return promise(query.code === 'invalid_request', 'a refusal is invalid_request');
    promise(Object.getPrototypeOf(query.value) === Object.prototype, 'no member reaches the prototype');
    for (const schema of queries) schema.safeParse(query.value);
    const { after } = query.value;
    if (typeof after !== 'string') return;
    for (const count of [1, 2]) {
      const numbers = attempt(() => numbersInCursor(after, count));
      if ('code' in numbers) continue;
      promise(
        numbers.value.every((each) => each >= 0 && each <= maxId),
        'every number fits its column',
      );
      const { next } = pageOf([numbers.value, []], 1, (row) => row.join('.'));
      promise(
        String(numbersInCursor(next, count)) === String(numbers.value),
        'a cursor survives a round trip',
      );
    }
    const place = attempt(() => placeInCursor(after, ''));
    if ('value' in place && place.value) {
      const { id, text: name = '' } = place.value;
      promise(id <= maxId && !name.includes('\0') && name.isWellFormed(), 'a place fits its columns');
      const { next } = pageOf([`${id}.${name}`, ''], 1, (row) => row);
      const again = placeInCursor(next, '');
      promise(again?.id === id && again.text === name, 'a place survives a round trip');
    }
    attempt(() => cursorOf(after, /^\d{1,13}\.[\w-]{22}$/));
  },
};
