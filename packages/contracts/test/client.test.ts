import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../src/event-stream.ts';
import {
  ApiError,
  asCsv,
  createClient,
  endpoints,
  NetworkError,
  problems,
  UnexpectedAnswerError,
} from '../src/index.ts';
import { answerExamples } from '../src/openapi-examples.ts';

const baseUrl = 'http://localhost:8086';

/** A client whose every request is kept and gets the one answer. */
function clientOf(answer: () => Response | Promise<Response>) {
  const requests: Request[] = [];
  const client = createClient({
    baseUrl,
    fetch: async (request) => {
      requests.push(request);
      return answer();
    },
  });
  return { ...client, requests };
}

const json =
  (body: unknown, init: ResponseInit = {}) =>
  () =>
    Response.json(body, init);

const user = (id: number) => ({
  id,
  name: 'Grace Hopper',
  uid: 'hop',
  role: 'user',
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
});

function problem(code: keyof typeof problems) {
  const { status, title } = problems[code];
  const detail = 'What went wrong';
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    code,
    request_id: 'r-12345678',
    message: detail,
    data: null,
    error: title,
  };
}

test('a call sends the method, the path and the body as JSON', async () => {
  const { call, requests } = clientOf(
    json({ token: 't', user_id: 1, token_type: 'Bearer', expires_in: 3600, refresh_token: 'r' }),
  );
  const answer = await call(endpoints.createToken, { body: { username: 'toby', password: '123toby' } });
  expect(answer).toEqual({
    token: 't',
    user_id: 1,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: 'r',
  });
  const [request] = requests;
  expect(request?.method).toBe('POST');
  expect(request?.url).toBe(`${baseUrl}/token`);
  expect(request?.headers.get('content-type')).toBe('application/json');
  expect(await request?.json()).toEqual({ username: 'toby', password: '123toby' });
});

test('a call without a body sends no Content-Type, because that would cost a preflight', async () => {
  const { call, requests } = clientOf(json({ id: 1, username: 'toby' }));
  await call(endpoints.readProtected);
  expect(requests[0]?.headers.get('content-type')).toBeNull();
  expect(requests[0]?.body).toBeNull();
});

test('path parameters are encoded, so that each stays one segment of the path', async () => {
  const { call, requests } = clientOf(() => new Response(null, { status: 204 }));
  await call(endpoints.endSession, { params: { id: '../users/1?x=#/é' } });
  expect(requests[0]?.url).toBe(`${baseUrl}/api/sessions/..%2Fusers%2F1%3Fx%3D%23%2F%C3%A9`);
});

test('any text in a query can be read from the URL unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (q) => {
      const { call, requests } = clientOf(json([]));
      await call(endpoints.listUsers, { query: { q, limit: 5 } });
      const url = new URL(requests[0]?.url ?? '');
      expect([...url.searchParams]).toEqual([
        ['q', q],
        ['limit', '5'],
      ]);
      expect(url.pathname).toBe('/api/users');
    }),
  );
});

test('a member of the query that is undefined is left out', async () => {
  const { call, requests } = clientOf(json([]));
  await call(endpoints.listUsers, { query: { q: undefined, limit: 1 } });
  expect(requests[0]?.url).toBe(`${baseUrl}/api/users?limit=1`);
});

test('a page has the cursor of the next page, and the last page has no cursor', async () => {
  const link = '</api/users?limit=2&after=Mg>; rel="next"';
  const { call } = clientOf(json([user(1), user(2)], { headers: { link } }));
  expect(await call(endpoints.listUsers, { query: { limit: 2 } })).toEqual({
    items: [user(1), user(2)],
    next: 'Mg',
  });
  const last = clientOf(json([user(3)]));
  expect(await last.call(endpoints.listUsers)).toEqual({ items: [user(3)], next: undefined });
});

test.each([
  ['<https://api.example.org/api/users?after=Mg&limit=2>; rel=next', 'Mg'],
  ['</api/users?after=Mg>;rel="next"', 'Mg'],
  ['</api/users?limit=2>; rel="next"', undefined],
  ['</api/users?after=Mg>; rel="prev"', undefined],
  ['nonsense', undefined],
])('of Link: %s the cursor is %s', async (link, next) => {
  const { call } = clientOf(json([], { headers: { link } }));
  expect(await call(endpoints.listUsers)).toEqual({ items: [], next });
});

test('204 resolves to undefined', async () => {
  const { call } = clientOf(() => new Response(null, { status: 204 }));
  expect(await call(endpoints.endCurrentSession)).toBeUndefined();
});

test('an endpoint that answers text resolves to it', async () => {
  const { call } = clientOf(
    () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
  );
  expect(await call(endpoints.readDocs)).toBe('<!doctype html>');
});

test('a problem rejects with an ApiError that has all its members', async () => {
  const issues = [{ path: 'uid', message: 'User ID is missing' }];
  const { call } = clientOf(
    json({ ...problem('invalid_request'), issues, hint: 'Read issues' }, { status: 400 }),
  );
  const failure = await call(endpoints.readMe).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({
    name: 'ApiError',
    message: 'What went wrong',
    problem: { code: 'invalid_request', status: 400, issues, hint: 'Read issues', request_id: 'r-12345678' },
    retryAfterSeconds: undefined,
  });
});

test.each([
  ['30', 30],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
])('Retry-After: %s is %s seconds', async (value, seconds) => {
  const { call } = clientOf(
    json(problem('too_many_requests'), { status: 429, headers: { 'retry-after': value } }),
  );
  await expect(call(endpoints.readMe)).rejects.toMatchObject({ retryAfterSeconds: seconds });
});

test('a call without an answer rejects with a NetworkError that keeps the cause', async () => {
  const cause = new TypeError('Failed to fetch');
  const { call } = clientOf(() => Promise.reject(cause));
  const failure = await call(endpoints.readMe).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NetworkError);
  expect(failure).toMatchObject({ name: 'NetworkError', message: 'GET /api/users/me: no answer', cause });
});

test('an aborted call rejects with the reason of the abort, not with a NetworkError', async () => {
  const controller = new AbortController();
  const client = createClient({ baseUrl, fetch: (request) => fetch(request) });
  controller.abort();
  const failure = await client
    .call(endpoints.readMe, { signal: controller.signal })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'AbortError' });
});

const html = (status: number) => () =>
  new Response('<html><h1>502 Bad Gateway</h1></html>', { status, headers: { 'content-type': 'text/html' } });

test.each([
  ["a proxy's HTML page with 502", html(502), 502],
  ['an HTML page with 200', html(200), 200],
  ['nothing, with 500', () => new Response(null, { status: 500 }), 500],
  ['JSON of another service, with 200', json({ hello: 'world' }), 200],
  ['JSON of another service, with 404', json({ error: 'no route' }, { status: 404 }), 404],
  [
    'a problem whose code the contract does not know',
    json({ ...problem('forbidden'), code: 'teapot' }, { status: 418 }),
    418,
  ],
  ['a member that the contract does not name', json({ id: 1, username: 'toby', password: 'x' }), 200],
])('%s rejects with UnexpectedAnswerError', async (_, answer, status) => {
  const { call } = clientOf(answer);
  const failure = await call(endpoints.readProtected).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UnexpectedAnswerError);
  expect(failure).toMatchObject({
    name: 'UnexpectedAnswerError',
    status,
    message: expect.stringContaining(String(status)),
  });
});

test.each([
  ['an HTML page where the contract has text/plain', endpoints.readMetrics, html(200)],
  [
    'an HTML page where the contract has an image',
    { ...endpoints.readPostImage, path: '/image' } as const,
    html(200),
  ],
  ['200 where the contract has 204', endpoints.endCurrentSession, html(200)],
])('%s rejects with UnexpectedAnswerError', async (_, endpoint, answer) => {
  const { call } = clientOf(answer);
  await expect(call(endpoint)).rejects.toBeInstanceOf(UnexpectedAnswerError);
});

test('a list that is called for as CSV is asked for by Accept, and read with the cursor of its rest', async () => {
  const { call, requests } = clientOf(
    () =>
      new Response('id,at\r\n', {
        headers: {
          'content-type': 'text/csv; charset=utf-8; header=present',
          link: '</api/audit?event=sign_in&after=Mg>; rel="next"',
        },
      }),
  );
  const query = { event: ['sign_in', 'sign_out'], user: 2 };
  const { csv, next } = await call(asCsv(endpoints.listAuditEvents), { query });
  expect([await csv.text(), next]).toEqual(['id,at\r\n', 'Mg']);
  expect(requests[0]?.headers.get('accept')).toBe('text/csv');
  expect(requests[0]?.url).toBe(`${baseUrl}/api/audit?event=sign_in%2Csign_out&user=2`);
});

test('an endpoint that answers an image resolves to its bytes, and takes no other type', async () => {
  const answer = (type: string) => () => new Response('bytes', { headers: { 'content-type': type } });
  const image = await clientOf(answer('image/png')).call(endpoints.readPostImage, { params: { id: 1 } });
  expect([image.type, await image.text()]).toEqual(['image/png', 'bytes']);
  const { call } = clientOf(answer('text/html'));
  await expect(call(endpoints.readPostImage, { params: { id: 1 } })).rejects.toThrow(UnexpectedAnswerError);
});

test('an unexpected answer keeps what was wrong with it', async () => {
  const { call } = clientOf(json({ id: 'one' }));
  await expect(call(endpoints.readProtected)).rejects.toMatchObject({ cause: { name: 'ZodError' } });
});

test('a list that is called for as CSV and comes as JSON is an unexpected answer', async () => {
  const { call } = clientOf(json([]));
  await expect(call(asCsv(endpoints.listAuditEvents))).rejects.toThrow(UnexpectedAnswerError);
});

test('A deletion alone outlives its page, because a body may be larger than browsers send after that', async () => {
  const { call, requests } = clientOf(() => new Response(null, { status: 204 }));
  await call(endpoints.deletePost, { params: { id: 1 } });
  const answered = clientOf(json(user(1)));
  await answered.call(endpoints.readUser, { params: { id: 1 } });
  expect(requests[0]?.keepalive).toBe(true);
  expect(answered.requests[0]?.keepalive).toBe(false);
});

test('a call with an image sends a form: the members that are given, and the image beside them', async () => {
  const { call, requests } = clientOf(json({}, { status: 500 }));
  const image = new Blob(['bytes'], { type: 'image/png' });
  const body = { note: 'Hello', image: undefined };
  await call(endpoints.updatePost, { params: { id: 1 }, body, image }).catch(() => undefined);
  expect(requests[0]?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/);
  const form = await requests[0]?.formData();
  expect([...(form?.keys() ?? [])]).toEqual(['note', 'image']);
  expect(form?.get('note')).toBe('Hello');
  const sent = form?.get('image');
  expect(sent instanceof Blob && (await sent.text())).toBe('bytes');
});

test('only a list that is called for as CSV is asked for by Accept', async () => {
  const { call, requests } = clientOf(json([]));
  await call(endpoints.listUsers);
  expect(requests[0]?.headers.get('accept')).not.toBe('text/csv');
});

test.each([
  ['another relation', '</api/users?after=x>; rel="prev"'],
  ['no target', 'rel="next"'],
  ['a target without a cursor', '</api/users>; rel="next"'],
])('a link with %s leads to no next page', async (_, link) => {
  const { call } = clientOf(json([], { headers: { link } }));
  expect((await call(endpoints.listUsers)).next).toBeUndefined();
});

test.each([
  '</api/users?after=x>; rel="next"',
  '</api/users?after=x>;rel=next',
  '</api/users?after=x> \t ; \t rel="next"',
])('a link to the next page is read with any white space in it: %j', async (link) => {
  const { call } = clientOf(json([], { headers: { link } }));
  expect((await call(endpoints.listUsers)).next).toBe('x');
});

describe('a stream of events', () => {
  const event = answerExamples.listExchanges;
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };

  /** The client's call, and the body as the API writes it. */
  async function open() {
    let cancelled = false;
    let writer: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        writer = controller;
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const stopping = new AbortController();
    const { call } = createClient({
      baseUrl,
      fetch: async () => new Response(body, { headers }),
      readEvents,
    });
    const events = await call(endpoints.listExchanges, { signal: stopping.signal });
    return {
      events,
      stopping,
      write: (text: string) => writer?.enqueue(new TextEncoder().encode(text)),
      end: () => writer?.close(),
      breakOff: (error: Error) => writer?.error(error),
      isCancelled: () => cancelled,
    };
  }

  test('each event is read when it comes, and the end of the stream ends the iteration', async () => {
    const { events, write, end } = await open();
    const iterator = events[Symbol.asyncIterator]();
    write(event.slice(0, 40));
    write(event.slice(40));
    expect((await iterator.next()).value).toMatchObject({ route: '/protected' });
    write(`:\n\n${event.replace('"status":200', '"status":404')}`);
    expect((await iterator.next()).value).toMatchObject({ status: 404 });
    end();
    expect((await iterator.next()).done).toBe(true);
  });

  test('leaving the loop closes the connection', async () => {
    const { events, write, isCancelled } = await open();
    write(event);
    for await (const _ of events) break;
    expect(isCancelled()).toBe(true);
  });

  test.each([
    ['is not JSON', 'data: no exchange\n\n'],
    ['breaks its schema', event.replace('"status":200', '"status":"two hundred"')],
  ])('an event that %s is an unexpected answer', async (_, text) => {
    const { events, write } = await open();
    write(text);
    await expect(events[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  test('a connection that breaks rejects with a NetworkError that keeps the cause', async () => {
    const { events, breakOff } = await open();
    const cause = new Error('reset');
    breakOff(cause);
    const failure = await events[Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NetworkError);
    expect(failure).toMatchObject({ message: 'The stream of events broke off', cause });
  });

  test('a stream that the caller stops rejects with what stopped it', async () => {
    const { events, stopping, breakOff } = await open();
    const cause = new Error('stopped');
    stopping.abort(cause);
    breakOff(cause);
    await expect(events[Symbol.asyncIterator]().next()).rejects.toBe(cause);
  });

  test('an answer of another media type is unexpected', async () => {
    const { call } = clientOf(json([]));
    await expect(call(endpoints.listExchanges)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  test('a client that was given no reader of events says so', async () => {
    const { call } = clientOf(() => new Response('', { headers }));
    await expect(call(endpoints.listExchanges)).rejects.toThrow('was given no readEvents');
  });
});
