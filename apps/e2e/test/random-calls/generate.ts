/** A call of script, in a form that can be passed to a page. */
export type RandomCall = {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly credentials: RequestCredentials;
  readonly mode: RequestMode;
  readonly cache: RequestCache;
  readonly body?: string;
  readonly isUpload: boolean;
  readonly isAborted: boolean;
};

export type Targets = {
  /** The API under the page's own host name, which is same-site. */
  readonly api: string;
  /** The API under its other name, which is cross-site. */
  readonly otherName: string;
  /** The page's own origin, which redirects `/to-api/…` to the API. */
  readonly page: string;
  /** Another origin, which grants everything and redirects every path to the API. */
  readonly redirector: string;
  /** An origin at which nothing listens. */
  readonly nowhere: string;
};

const apiPaths = [
  '/protected',
  '/protected/',
  '/api/users/me',
  '/api/users?limit=3',
  '/api/users?limit=4&q=n',
  '/api/users/1',
  '/api/users/2',
  '/api/posts/1',
  '/api/posts/2',
  '/api/posts/4711',
  '/api/players/1',
  '/api/sessions',
  '/api/sessions/refresh',
  '/nowhere/7',
] as const;

const headers: readonly (readonly [string, string])[] = [
  ['authorization', 'Bearer a.b.c'],
  ['content-type', 'application/json'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
  ['accept', 'text/csv'],
  ['accept', 'text/"csv"'],
  ['accept', `text/${'x'.repeat(200)}`],
  ['accept-language', 'de-AT, en;q=0.5'],
  ['accept-language', 'de_AT'],
  ['range', 'bytes=0-10'],
  ['range', 'bytes=-10'],
  ['x-requested-with', 'XMLHttpRequest'],
  ['x-origin', 'a page'],
  // Not on the API's list, so a preflight that asks for it is refused.
  ['x-unlisted', 'anything'],
];

/** The same calls for the same seed. */
export function generateCalls(count: number, seed: number, targets: Targets): RandomCall[] {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const chance = (share: number) => random() < share;
  return Array.from({ length: count }, () => {
    const isUpload = chance(0.08);
    const mode = isUpload || chance(0.85) ? 'cors' : pick(['no-cors', 'same-origin'] as const);
    const method = isUpload
      ? 'POST'
      : mode === 'no-cors'
        ? pick(['GET', 'GET', 'HEAD', 'POST'])
        : pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE']);
    const path = pick(apiPaths);
    const url = chance(0.66)
      ? targets.api + path
      : pick([
          targets.otherName + path,
          targets.otherName + path,
          targets.page + path,
          `${targets.page}/to-api${path}`,
          `${targets.redirector}${path}`,
          targets.nowhere + path,
        ]);
    const hasBody = !['GET', 'HEAD'].includes(method) && chance(0.5);
    const chosen = Array.from({ length: pick([0, 0, 1, 1, 2, 3]) }, () => pick(headers));
    return {
      url,
      method,
      headers: Object.fromEntries(chosen),
      credentials: pick(['omit', 'same-origin', 'include', 'include'] as const),
      mode,
      cache: isUpload || chance(0.7) ? 'default' : pick(['no-store', 'reload'] as const),
      ...(hasBody && { body: '{}' }),
      isUpload,
      isAborted: !isUpload && chance(0.03),
    };
  });
}

/** Mulberry32: numbers from 0 to 1, always the same after the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
