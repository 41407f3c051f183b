import type { Exchange } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { joinTraces } from '../src/pages/flows/join-traces.ts';
import { toMarkdown } from '../src/pages/flows/markdown.ts';
import type { FlowFacts } from '../src/pages/flows/observe.ts';
import { cellsOf, Observed, rows } from '../src/pages/flows/rows.ts';
import type { Probed } from '../src/pages/probe.ts';

const api = 'http://localhost:8086';
const answered = (requestId: string, status = 200, code?: Probed['code']): Probed => ({
  status,
  body: undefined,
  code,
  requestId,
});

const bearer: FlowFacts = {
  carrier: 'bearer',
  signIn: answered('sign-in'),
  tokenLength: 349,
  newCookieNames: [],
  bare: answered('bare', 401, 'token_missing'),
  own: answered('own'),
  reloaded: answered('reloaded'),
  elsewhere: answered('elsewhere'),
  refreshed: answered('refreshed'),
  replayed: answered('replayed', 401, 'session_ended'),
};
const cookie: FlowFacts = {
  ...bearer,
  carrier: 'cookie',
  tokenLength: undefined,
  bare: answered('bare'),
  elsewhere: answered('elsewhere', 401, 'token_missing'),
  replayed: answered('replayed', 401, 'token_missing'),
};

function exchange(request_id: string, members: Partial<Exchange> = {}): Exchange {
  return {
    id: '00000000.1',
    request_id,
    at: '2026-01-01T00:00:00.000Z',
    method: 'GET',
    route: '/protected',
    status: 200,
    origin: 'http://localhost:4100',
    client: '0a1b2c3d',
    headers: [],
    cookies: [],
    query: [],
    decisions: [],
    vary: [],
    set_cookies: [],
    durations: { total: 1 },
    ...members,
  };
}

const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 1) + milliseconds).toISOString();
const bareCall = exchange('bare', { at: at(0) });
const ownCall = exchange('own', { at: at(40), headers: ['origin', 'authorization'] });

const preflight = (members: Partial<Exchange> = {}) =>
  exchange('preflight', {
    at: at(30),
    method: 'OPTIONS',
    preflight: { method: 'GET', headers: ['authorization'] },
    ...members,
  });

describe('what the comparison of the flows makes of a run', () => {
  test('what the comparison of the flows makes of a run has a cell for each question, and no other', () => {
    const ids = rows.map(({ id }) => id).sort();
    for (const facts of [bearer, cookie]) expect(Object.keys(cellsOf(facts, [], api)).sort()).toEqual(ids);
  });

  test.each([
    ['of the same page, path and browser', preflight(), 'Yes'],
    ['of another path', preflight({ route: '/api/posts' }), 'No'],
    ['of another page', preflight({ origin: 'http://localhost:3000' }), 'No'],
    ['of another browser', preflight({ client: 'ffffffff' }), 'No'],
    ['for another method', preflight({ preflight: { method: 'DELETE', headers: [] } }), 'No'],
    ['for another header', preflight({ preflight: { method: 'GET', headers: ['if-match'] } }), 'No'],
    ['dated by a clock a millisecond behind', preflight({ at: at(-1) }), 'Yes'],
    ['dated by a clock a millisecond ahead', preflight({ at: at(41) }), 'Yes'],
  ])(
    'what the comparison of the flows makes of a run: a preflight %s before the call',
    (_name, before, answer) => {
      const trace = [bareCall, before, ownCall];
      expect(cellsOf(bearer, trace, api).preflighted?.answer).toBe(answer);
    },
  );

  test('what the comparison of the flows makes of a run: a preflight of an earlier call is not that of this one', () => {
    const trace = [preflight({ at: at(-30) }), bareCall, ownCall];
    expect(cellsOf(bearer, trace, api).preflighted).toMatchObject({ answer: 'No', requestId: 'own' });
  });

  test('what the comparison of the flows makes of a run: a preflight that nginx reported after the call was noted is that of the call', () => {
    const trace = [bareCall, exchange('of another tab', { at: at(35) }), ownCall, preflight()];
    expect(cellsOf(bearer, trace, api).preflighted?.answer).toBe('Yes');
  });

  test('what the comparison of the flows makes of a run says that another process may have answered a call that the trace lacks', () => {
    const cells = cellsOf(cookie, [exchange('of another process')], api);
    for (const cell of [cells.preflighted, cells.bytes]) {
      expect(cell?.answer).toBe('?');
      expect(cell?.how).toContain('another process of the API');
    }
  });

  test('what the comparison of the flows makes of a run reads the traces of several processes as one, in the order of time', () => {
    const first = [exchange('preflight', { at: at(2) }), exchange('own', { at: at(3) })];
    const second = [exchange('bare', { at: at(1) }), exchange('preflight', { at: at(2) })];
    const joined = joinTraces([first, second, first]).map(({ request_id }) => request_id);
    expect(joined).toEqual(['bare', 'preflight', 'own']);
  });

  test('what the comparison of the flows makes of a run without a trace is a question mark where a page sees nothing', () => {
    const cells = cellsOf(cookie, undefined, api);
    expect([cells.preflighted?.answer, cells.bytes?.answer]).toEqual(['?', '?']);
    expect(cellsOf(bearer, undefined, api).bytes?.answer).toBe('371 bytes');
  });

  test('what the comparison of the flows makes of a run says why another origin was not tried', () => {
    const how = (elsewhere: FlowFacts['elsewhere']) =>
      cellsOf({ ...bearer, elsewhere }, [], api).elsewhere?.how;
    expect(how('blocked')).toContain('content security policy');
    expect(how(undefined)).toContain('no other name');
  });

  test('what the comparison of the flows makes of a run names the cookies that script could read, where it could', () => {
    const cells = cellsOf({ ...cookie, newCookieNames: ['jwt'] }, [], api);
    expect(cells.readable).toMatchObject({ answer: 'Yes', how: 'document.cookie shows jwt.' });
  });

  test('what the comparison of the flows makes of a run is copied as a Markdown table with a line for each question', () => {
    const lines = toMarkdown({ bearer: cellsOf(bearer, [], api) })
      .trim()
      .split('\n');
    expect(lines).toHaveLength(rows.length + 2);
    expect(lines[2]).toBe(
      '| Can script read the token? | **Yes**: The answer of the sign-in has it: 349 characters. | ? |',
    );
  });
});

test.each([undefined, null, 'text', { bearer: 'text' }, { bearer: { readable: 1 } }])(
  'a state of the history in another form counts as no observation: %o',
  (state) => {
    expect(Observed.parse(state)).toEqual({});
  },
);
