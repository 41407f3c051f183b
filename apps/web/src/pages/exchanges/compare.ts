import type { Entry } from '../exchange-entries.ts';

export type Difference = { readonly what: string; readonly first: string; readonly second: string };

/** What differs between two calls, in the order in which it happened. */
export function compareEntries(first: Entry, second: Entry): readonly Difference[] {
  const [left, right] = [factsOf(first), factsOf(second)];
  return left.flatMap(([what, value], index) => {
    const other = right[index]?.[1] ?? '';
    return value === other ? [] : [{ what, first: value, second: other }];
  });
}

function factsOf({ call, exchange, preflight, caller }: Entry): readonly (readonly [string, string])[] {
  const list = (names: readonly string[] | undefined) =>
    names === undefined ? 'not known' : [...names].sort().join(', ') || 'none';
  return [
    ['Caller', caller],
    ['Method', call?.method ?? exchange?.method ?? preflight?.preflight?.method ?? ''],
    ['Path', call?.route ?? exchange?.route ?? preflight?.route ?? 'an unknown path'],
    ['Credentials', call?.credentials ?? 'not known'],
    ['Headers set by script', list(call?.headers)],
    ['Origin', exchange?.origin ?? preflight?.origin ?? 'none'],
    ['Preflight', preflight ? `answered with ${preflight.status}` : 'none seen'],
    ['Headers asked for', list(preflight?.preflight?.headers)],
    ['Headers granted', list(preflight?.grant?.headers)],
    ['Site', exchange?.fetch_site ?? 'not known'],
    ['Cookies that travelled', list(exchange?.cookies)],
    [
      'Token',
      exchange?.token ? `in the ${exchange.token.carrier}, ${exchange.token.parts} parts` : 'none seen',
    ],
    ['Decisions', list(exchange?.decisions.map(({ step, outcome }) => `${step} ${outcome}`))],
    ['Rule', exchange?.problem?.rule ?? 'none'],
    ['Status', String(exchange?.status ?? call?.outcome?.status ?? 'none')],
    ['Cookies set', list(exchange?.set_cookies.map(({ name }) => name))],
    ['What script got', call?.outcome?.error ?? (call?.outcome ? 'the answer' : 'not known')],
  ];
}
