import type { Exchange } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { joinHalves } from '../src/pages/exchange-entries.ts';
import { toCurl, toFetch, toJson } from '../src/pages/exchanges/as-text.ts';
import { compareEntries } from '../src/pages/exchanges/compare.ts';
import { cookieSentence, endSentence, preflightSentence } from '../src/pages/exchanges/explain.ts';
import { stepsOf } from '../src/pages/exchanges/sequence.ts';
import { whyPreflight } from '../src/pages/exchanges/why-preflight.ts';
import type { PageCall } from '../src/session/call-log.ts';

const pageOrigin = 'http://localhost:4100';
const apiUrl = 'http://localhost:8086';
const start = Date.parse('2026-11-25T10:00:00Z');

let counted = 0;
function call(facts: Partial<PageCall> = {}): PageCall {
  counted += 1;
  return {
    id: `call-${counted}`,
    method: 'GET',
    route: '/protected',
    origin: apiUrl,
    resource: 1,
    query: [],
    mode: 'cors',
    credentials: 'omit',
    cache: 'default',
    headers: [],
    unsafeHeaders: [],
    hasUploadListener: false,
    sentAt: start,
    outcome: { milliseconds: 20, status: 200, requestId: 'r1', headers: [] },
    ...facts,
  };
}
function exchange(facts: Partial<Exchange> = {}): Exchange {
  counted += 1;
  return {
    id: `abcdefgh.${counted}`,
    request_id: 'r1',
    at: new Date(start + 10).toISOString(),
    method: 'GET',
    route: '/protected',
    status: 200,
    origin: pageOrigin,
    fetch_site: 'same-site',
    client: 'aaaaaaaa',
    headers: [],
    cookies: [],
    query: [],
    decisions: [],
    vary: [],
    set_cookies: [],
    durations: { total: 2 },
    ...facts,
  };
}
const grant = { origin: pageOrigin, credentials: true, methods: ['DELETE'], headers: ['Authorization'] };
const preflight = (facts: Partial<Exchange> = {}) =>
  exchange({
    request_id: 'p1',
    method: 'OPTIONS',
    status: 204,
    at: new Date(start + 2).toISOString(),
    preflight: { method: 'GET', headers: ['authorization'] },
    grant: { ...grant, max_age: 7200 },
    ...facts,
  });
const bearer = (facts: Partial<PageCall> = {}) =>
  call({ headers: ['authorization'], unsafeHeaders: ['authorization'], ...facts });

function join(calls: PageCall[], exchanges: Exchange[]) {
  return joinHalves({ calls, exchanges, pageOrigin });
}
function why(entries: ReturnType<typeof join>, index = 0, hasTrace = true) {
  const entry = entries[index];
  if (!entry) throw new Error('no such entry');
  return whyPreflight(entry, { entries, pageOrigin, browserCapSeconds: 7200, hasTrace });
}

describe('the two halves of a call', () => {
  test('an answer that names its request id is matched with the trace exactly, and takes its preflight with it', () => {
    const entries = join([bearer()], [preflight(), exchange(), exchange({ request_id: 'r2' })]);
    expect(entries.map(({ id, caller }) => [id, caller])).toEqual([
      ['r1', 'this tab'],
      ['r2', 'this browser'],
    ]);
    expect(entries[0]).toMatchObject({ matchedBy: 'id', preflight: { request_id: 'p1' } });
  });

  test('a call without a readable answer is matched by method, path, origin and time, and two candidates are counted', () => {
    const failed = call({ outcome: { milliseconds: 20, error: 'TypeError' } });
    const [entry] = join([failed], [exchange(), exchange({ request_id: 'r2' })]);
    expect(entry).toMatchObject({ matchedBy: 'time', candidates: 2 });
    expect(
      join([failed], [exchange({ origin: 'http://evil.test' }), exchange({ method: 'PUT' })])[0]?.exchange,
    ).toBeUndefined();
    expect(
      join([failed], [exchange({ at: new Date(start + 9000).toISOString() })])[0]?.exchange,
    ).toBeUndefined();
  });

  test('an answer with a request id that the trace does not have is not taken for another exchange', () => {
    expect(join([call()], [exchange({ request_id: 'r2' })])[0]?.exchange).toBeUndefined();
  });

  test('the clock of an API that is an hour ahead is aligned before times are compared', () => {
    const ahead = 3_600_000;
    const failed = call({ sentAt: start + 100, outcome: { milliseconds: 20, error: 'TypeError' } });
    const entries = join(
      [call(), failed],
      [
        exchange({ at: new Date(start + ahead + 10).toISOString() }),
        exchange({ request_id: 'r2', at: new Date(start + ahead + 110).toISOString() }),
      ],
    );
    expect(entries[1]).toMatchObject({ matchedBy: 'time', exchange: { request_id: 'r2' } });
  });

  test('one answer that was timed wrongly on a busy machine does not move the clock', () => {
    const answered = [1, 2, 3].map((number) =>
      call({
        sentAt: start + 100 * number,
        outcome: { milliseconds: 20, status: 200, requestId: `a${number}`, headers: [] },
      }),
    );
    const failed = call({ sentAt: start + 500, outcome: { milliseconds: 20, error: 'TypeError' } });
    const seen = (id: string, after: number) =>
      exchange({ request_id: id, at: new Date(start + after).toISOString() });
    const entries = join(
      [...answered, failed],
      // The second is said to have begun after its answer.
      [seen('a1', 110), seen('a2', 260), seen('a3', 310), seen('r2', 501)],
    );
    expect(entries.at(-1)).toMatchObject({ matchedBy: 'time', exchange: { request_id: 'r2' } });
  });

  test('a call without a readable answer is not taken for a program, for another mode, or for other headers', () => {
    const { origin: _, fetch_site: __, ...program } = exchange();
    const opaque = call({ mode: 'no-cors', outcome: { milliseconds: 20, status: 0, headers: [] } });
    expect(join([opaque], [program])[0]?.exchange).toBeUndefined();
    expect(join([opaque], [exchange({ fetch_mode: 'cors' })])[0]?.exchange).toBeUndefined();
    const { origin: ___, ...simple } = exchange({ fetch_mode: 'no-cors' });
    expect(join([opaque], [simple])[0]).toMatchObject({ matchedBy: 'time' });
    const failed = bearer({ outcome: { milliseconds: 20, error: 'TypeError' } });
    expect(join([failed], [exchange()])[0]?.exchange).toBeUndefined();
    expect(join([failed], [exchange({ headers: ['authorization'] })])[0]?.exchange).toBeDefined();
  });

  test('a method that the API does not know by name is matched with the preflight that asked for it', () => {
    const failed = call({ method: 'PURGE', outcome: { milliseconds: 20, error: 'TypeError' } });
    const [entry] = join([failed], [preflight({ preflight: { method: 'OTHER', headers: [] } })]);
    expect(entry?.preflight?.request_id).toBe('p1');
  });

  test('of two calls at the same time the one without a remembered grant gets the preflight', () => {
    const at = (after: number) => new Date(start + after).toISOString();
    const answered = (id: string) => ({ milliseconds: 20, status: 200, requestId: id, headers: [] });
    const entries = join(
      [
        bearer({ resource: 1 }),
        bearer({ resource: 1, sentAt: start + 1000, outcome: answered('r2') }),
        bearer({ resource: 2, sentAt: start + 1000, outcome: answered('r3') }),
      ],
      [
        preflight(),
        exchange(),
        preflight({ request_id: 'p2', at: at(1002) }),
        exchange({ request_id: 'r2', at: at(1004) }),
        exchange({ request_id: 'r3', at: at(1006) }),
      ],
    );
    expect(entries.map((each) => each.preflight?.request_id)).toEqual(['p1', undefined, 'p2']);
  });

  test('a preflight that asks for something else, or comes from another browser, is not given to the call', () => {
    for (const other of [
      preflight({ preflight: { method: 'DELETE', headers: ['authorization'] } }),
      preflight({ preflight: { method: 'GET', headers: [] } }),
      preflight({ client: 'bbbbbbbb' }),
      preflight({ at: new Date(start + 60).toISOString() }),
    ])
      expect(join([bearer()], [other, exchange()])[0]?.preflight).toBeUndefined();
  });

  test('a refused preflight belongs to the call that got no answer', () => {
    const failed = bearer({ outcome: { milliseconds: 20, error: 'TypeError' } });
    const { grant: _, ...refused } = preflight({ status: 403, problem: { code: 'origin_refused' } });
    const [entry] = join([failed], [refused]);
    expect(entry?.preflight?.status).toBe(403);
    expect(entry && endSentence(entry)).toBe('Refused as origin_refused.');
    expect(entry && stepsOf(entry).map(({ label }) => label)).toEqual([
      'fetch GET',
      'May I?',
      'Not granted, 403',
      'Shut: TypeError',
    ]);
  });

  test('a request that nginx reported to two replicas is one entry', () => {
    const reported = exchange({ request_id: 'n1', answered_by: 'nginx', status: 405 });
    const entries = join([], [reported, exchange({ request_id: 'c2' }), { ...reported, id: 'ijklmnop.1' }]);
    expect(entries.map(({ id }) => id).sort()).toEqual(['c2', 'n1']);
  });

  test('no step of a call is drawn later than the one that it leads to, whatever the API measured', () => {
    const slow = exchange({ at: new Date(start + 17).toISOString(), durations: { total: 12 } });
    const [entry] = join([bearer()], [preflight(), slow]);
    const times = (entry ? stepsOf(entry) : []).flatMap(({ at }) => at ?? []);
    expect(times.at(-1)).toBe(20);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('curl and a foreign page are shown as what they are', () => {
    const { origin: _, fetch_site: __, ...curl } = exchange({ request_id: 'c1' });
    const entries = join([], [curl, exchange({ request_id: 'e1', origin: 'http://evil.test' })]);
    expect(entries.map(({ caller }) => caller)).toEqual(['a program', 'another page']);
    const named = { ...curl, origin: pageOrigin, client: 'cccccccc' };
    const silent = { ...curl, request_id: 's1', origin: pageOrigin };
    const beside = join([call()], [exchange(), named, silent]).map(({ id, caller }) => [id, caller]);
    expect(Object.fromEntries(beside)).toEqual({ r1: 'this tab', c1: 'a program', s1: 'this browser' });
  });
});

describe('why a call was preflighted', () => {
  test('the reasons are named', () => {
    const verdict = why(join([bearer({ method: 'DELETE', hasUploadListener: true })], []), 0, false);
    expect(preflightSentence(verdict)).toBe(
      'Needs a preflight, because of the method DELETE, the header authorization and the listener for the progress of the upload. Only the API sees whether one was sent.',
    );
    expect(preflightSentence(why(join([bearer()], [preflight(), exchange()])))).toBe(
      'Preflighted, because of the header authorization.',
    );
  });

  test('a simple GET, a call to the own origin and one that never left say why none was sent', () => {
    expect(why(join([call()], [exchange()]))).toMatchObject({ kind: 'not-needed', why: 'simple' });
    expect(why(join([bearer({ origin: pageOrigin })], [exchange()])).why).toBe('same-origin');
    const aborted = bearer({ outcome: { milliseconds: 0, error: 'AbortError', neverLeft: true } });
    expect(why(join([aborted], [])).why).toBe('never-left');
  });

  test('a remembered grant says since when, and until when at most', () => {
    const later = (facts: Partial<PageCall> = {}, after = 60_000) => [
      bearer(),
      bearer({
        sentAt: start + after,
        outcome: { milliseconds: 20, status: 200, requestId: 'r2', headers: [] },
        ...facts,
      }),
    ];
    const trace = (after = 60_000) => [
      preflight(),
      exchange(),
      exchange({ request_id: 'r2', at: new Date(start + after + 10).toISOString() }),
    ];
    expect(why(join(later(), trace()), 1)).toMatchObject({
      kind: 'remembered',
      since: start,
      until: start + 7_200_000,
    });
    for (const other of [
      why(join(later({ resource: 2 }), trace()), 1),
      why(join(later({ credentials: 'include' }), trace()), 1),
      why(join(later({}, 7_300_000), trace(7_300_000)), 1),
    ]) {
      expect(other.kind).toBe('remembered');
      expect(other.since).toBeUndefined();
    }
  });

  test('a redirected call is judged by what the API saw, because the browser asks for the address of the redirect', () => {
    const redirected = bearer({
      origin: pageOrigin,
      outcome: { milliseconds: 20, status: 200, requestId: 'r1', headers: [], redirectedTo: apiUrl },
    });
    const asked = preflight({ preflight: { method: 'GET', headers: ['x-origin'] } });
    const seen = why(join([redirected], [asked, exchange({ headers: ['x-origin'] })]));
    expect(seen).toMatchObject({ kind: 'asked', reasons: ['the header x-origin'] });
    expect(seen.contradicts).toBeUndefined();
    const unseen = why(join([redirected], [exchange()]));
    expect(preflightSentence(unseen)).toMatch(/was redirected/);
    const lost = bearer({ origin: pageOrigin, outcome: { milliseconds: 20, error: 'TypeError' } });
    expect(why(join([lost], []))).toMatchObject({ kind: 'unknown', why: 'redirect' });
  });

  test('what the trace shows against the rules is said', () => {
    expect(why(join([bearer({ cache: 'no-store' })], [exchange()])).contradicts).toMatch(/skips the memory/);
    expect(
      why(join([call()], [preflight({ preflight: { method: 'GET', headers: [] } }), exchange()])).contradicts,
    ).toMatch(/needs no preflight/);
  });
});

describe('the texts of a call', () => {
  test('the cookies that travelled are named with the reason', () => {
    const sent = join([call({ credentials: 'include' })], [exchange({ cookies: ['jwt'] })])[0];
    expect(sent && cookieSentence(sent)).toBe(
      'The browser added the cookie jwt: the call is same-site, and its credentials are include.',
    );
    const held = join([call({ credentials: 'include' })], [exchange({ fetch_site: 'cross-site' })])[0];
    expect(held && cookieSentence(held)).toMatch(/cross-site, and there SameSite=Lax/);
  });

  test('an answer that the mode no-cors hides is said to be opaque, and so is one that its resource policy keeps', () => {
    const opaque = call({ mode: 'no-cors', outcome: { milliseconds: 20, status: 0, headers: [] } });
    const simple = exchange({ fetch_mode: 'no-cors' });
    const kept = call({ mode: 'no-cors', outcome: { milliseconds: 20, error: 'TypeError' } });
    const sentences = [opaque, kept].map((each) => {
      const [entry] = join([each], [simple]);
      return entry && endSentence(entry);
    });
    expect(sentences[0]).toMatch(/^The answer is opaque/);
    expect(sentences[1]).toMatch(/Cross-Origin-Resource-Policy/);
  });

  test('curl, fetch and the download have variables in the place of values', () => {
    const [entry] = join(
      [
        call({
          method: 'PATCH',
          route: '/api/users/:id',
          query: ['after'],
          headers: ['authorization', 'content-type'],
          credentials: 'include',
        }),
      ],
      [],
    );
    if (!entry) throw new Error('no entry');
    expect(toCurl(entry, { apiUrl })).toBe(
      [
        'curl -i -X PATCH "http://localhost:8086/api/users/$ID?after=$AFTER"',
        '-H "authorization: Bearer $TOKEN"',
        '-H "content-type: application/json"',
        '-b jar.txt',
        '-d @body.json',
      ].join(' \\\n  '),
    );
    expect(toFetch(entry, { apiUrl })).toMatch(
      /^await fetch\(`http:\/\/localhost:8086\/api\/users\/\$\{id\}\?after=\$\{after\}`/,
    );
    expect(toJson([entry])).not.toContain('resource');
  });

  test('two calls differ in what differs, and in nothing else', () => {
    const entries = join(
      [
        call(),
        call({
          credentials: 'include',
          outcome: { milliseconds: 1, status: 200, requestId: 'r2', headers: [] },
        }),
      ],
      [exchange(), exchange({ request_id: 'r2', cookies: ['jwt'] })],
    );
    const [first, second] = entries;
    if (!first || !second) throw new Error('no entries');
    expect(compareEntries(first, second)).toEqual([
      { what: 'Credentials', first: 'omit', second: 'include' },
      { what: 'Cookies that travelled', first: 'none', second: 'jwt' },
    ]);
  });
});
