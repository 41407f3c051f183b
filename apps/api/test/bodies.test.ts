import { type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startApi } from './start-api.ts';

const credentials = { uid: 'toby', password: '123toby' };
const text = JSON.stringify(credentials);

describe('a body', () => {
  test.each([
    { type: 'application/json', status: 200 },
    { type: 'application/json; charset=utf-8', status: 200 },
    { type: 'Application/JSON; Charset="UTF-8"', status: 200 },
    { type: 'application/json; charset=utf-7', status: 415 },
    { type: 'application/json; charset=utf-16', status: 415 },
    { type: 'application/json; charset=latin1', status: 415 },
    { type: 'text/plain', status: 415 },
    { type: 'text/json', status: 415 },
    { type: 'application/problem+json', status: 415 },
    { type: 'application/x-www-form-urlencoded', status: 415 },
    { type: 'multipart/form-data; boundary=x', status: 415 },
    { type: 'application/json, text/plain', status: 415 },
    { type: 'nonsense', status: 415 },
    { type: '', status: 415 },
  ])('a body of the type $type is answered with $status', async ({ type, status }) => {
    const api = await startApi();
    expect(
      (await api.send('POST', '/api/users/authenticate', { headers: { 'content-type': type }, body: text }))
        .status,
    ).toBe(status);
  });

  test.each(['gzip', 'deflate', 'br', 'identity, gzip'])(
    'a body with the content encoding %s is 415',
    async (encoding) => {
      const api = await startApi();
      expect(
        (await api.send('POST', '/token', { headers: { 'content-encoding': encoding }, body: text })).status,
      ).toBe(415);
    },
  );

  test('a body of more than 100 kB is 413, and one just below is read', async () => {
    const api = await startApi();
    const sized = (bytes: number) => JSON.stringify({ uid: 'toby', password: 'x'.repeat(bytes - 28) });
    expect((await api.send('POST', '/api/users/authenticate', { body: sized(102_400) })).status).toBe(401);
    expect((await api.send('POST', '/api/users/authenticate', { body: sized(102_401) })).body).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  test.each([
    '{',
    '{"uid":"toby","password":"123toby"',
    "{'uid':'toby'}",
    `${text} ${text}`,
    '{"uid":"toby","uid":"niko","password":"123toby"}',
    '{"uid":"toby","\\u0075id":"niko","password":"123toby"}',
    '{"__proto__":{"uid":"toby"},"uid":"toby","password":"123toby"}',
    '{"constructor":{"prototype":{}},"uid":"toby","password":"123toby"}',
    '{"uid":"toby\\u0000","password":"123toby"}',
    '{"uid":"toby","password":"123toby\\u0000"}',
    '{"uid":"\\ud800","password":"123toby"}',
    '{"uid":"toby","password":"123toby","admin":true}',
    `{"uid":"toby","password":"123toby","deep":${'['.repeat(40)}${']'.repeat(40)}}`,
    '[]',
    '"toby"',
    '1',
    'true',
    '\u{feff}',
  ])('the body %j is 400, and the answer does not quote it', async (body) => {
    const api = await startApi();
    const answer = await api.send('POST', '/api/users/authenticate', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.text).not.toContain('123toby');
  });

  test('a body nested thousands deep is 400', async () => {
    const api = await startApi();
    const body = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    expect((await api.send('POST', '/token', { body })).status).toBe(400);
  });

  test('a body that is not UTF-8 is 400', async () => {
    const api = await startApi();
    const body = Buffer.concat([
      Buffer.from('{"uid":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('","password":"x"}'),
    ]);
    expect((await api.send('POST', '/api/users/authenticate', { body })).status).toBe(400);
  });

  test('a note of a form that is not UTF-8 is 400', async () => {
    const api = await startApi();
    const { token } = await api.signIn('toby');
    const note = (text: Buffer) =>
      api.send('POST', '/api/posts', {
        token,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: Buffer.concat([
          Buffer.from('--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n'),
          text,
          Buffer.from('\r\n--x--\r\n'),
        ]),
      });
    expect((await note(Buffer.from('Größe'))).body).toMatchObject({ note: 'Größe' });
    expect((await note(Buffer.from('Größe', 'latin1'))).body).toMatchObject({ code: 'invalid_request' });
  });

  test.each(['%FF', '%', '%E2%82', 'a%zz'])(
    'a query that is %s is 400, and does not find something else',
    async (q) => {
      const api = await startApi();
      const { token } = await api.signIn('toby');
      expect((await api.send('GET', `/api/users?q=${q}`, { token })).body).toMatchObject({
        status: 400,
        code: 'invalid_request',
      });
    },
  );

  test('no JSON body causes a 5xx', async () => {
    const api = await startApi();
    const { token } = await api.signIn('toby');
    const targets = [
      ['POST', '/api/sessions/refresh'],
      ['PATCH', '/api/users/3'],
      ['PUT', '/api/users/3'],
      ['PUT', '/api/users/me/password'],
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), fc.json(), async ([method, path], body) => {
        expect((await api.send(method, path, { token, body })).status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a path', () => {
  test.each([
    '/api/users/%E0%A4%A',
    '/api/users/%00',
    '/api/users/abc',
    '/api/users/0',
    '/api/users/-1',
    '/api/users/1.5',
    '/api/users/99999999999999999999',
    '/api/users/9007199254740993',
    '/api/users/1e3',
  ])('the path %s is 400', async (path) => {
    const api = await startApi();
    const { token } = await api.signIn();
    expect((await api.send('GET', path, { token })).status).toBe(400);
  });

  test.each([
    '/',
    '/api',
    '/api/nothing',
    '/API/users',
    '/api//users',
    '/problems/nothing',
    '/problems/__proto__',
    '/problems/constructor',
    '/.env',
  ])('the unknown path %s is 404', async (path) => {
    const api = await startApi();
    const { status, body, headers } = await api.send('GET', path);
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  test.each([
    ['GET', '/token', 'POST, OPTIONS'],
    ['DELETE', '/protected', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/users/authenticate', 'POST, OPTIONS'],
    ['PATCH', '/api/users/me', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/sessions/current', 'DELETE, OPTIONS'],
    ['PROPFIND', '/healthz/', 'GET, HEAD, OPTIONS'],
  ])('the method %s on the known path %s is 405 with Allow', async (method, path, allow) => {
    const api = await startApi();
    const { status, body, headers } = await api.send(method, path);
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });
});

test('the method TRACE, which fetch does not send, is 405', async () => {
  const api = await startApi();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL('/healthz', api.url), { method: 'TRACE' }, resolve).on('error', reject).end();
  });
  answer.resume();
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

describe('a query', () => {
  test.each([
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1.5',
    'limit=1&limit=2',
    'after=!',
    'after=',
    `after=${'A'.repeat(201)}`,
    'after=bm9wZQ',
    'q=%00',
    'q=a&q=b',
    `q=${'x'.repeat(256)}`,
    'sort=uid',
    '__proto__=x',
  ])('the query %s is 400', async (query) => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { status, body } = await api.send('GET', `/api/users?${query}`, { token });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('a problem', () => {
  test('a problem has the members of RFC 9457 and those of the article’s envelope', async () => {
    const api = await startApi();
    const { body, headers } = await api.send('GET', '/protected');
    expect(body).toEqual({
      type: '/problems/token_missing',
      title: 'Unauthorized',
      status: 401,
      detail: 'Authentication Token is missing!',
      code: 'token_missing',
      request_id: headers.get('x-request-id'),
      hint: expect.any(String),
      message: 'Authentication Token is missing!',
      data: null,
      error: 'Unauthorized',
    });
    const page = await api.send('GET', body.type);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('a problem names each member that breaks a rule', async () => {
    const api = await startApi();
    const { body } = await api.send('POST', '/api/users/signup', {
      body: { name: 'x', uid: '<script>', password: 'short', dob: '2020-02-30', extra: 1 },
    });
    expect(body.issues.map(({ path }: { path: string }) => path).sort()).toEqual([
      '',
      'dob',
      'name',
      'password',
      'uid',
    ]);
    expect(body.issues).toContainEqual({
      path: 'dob',
      message: 'Date of birth format error 2020-02-30, must be yyyy-mm-dd',
    });
    expect(body.issues).toContainEqual({
      path: 'name',
      message: 'Name is missing, or is less than 2 characters',
    });
  });

  test.each(['x', 'a'.repeat(65), 'evil id', '<script>', 'a;b'])(
    'the malformed request id %j is replaced by a new one, even if a trusted proxy sent it',
    async (id) => {
      const api = await startApi({ env: { TRUST_PROXY: '1' } });
      const { headers } = await api.send('GET', '/healthz', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('a caller cannot choose the request id, and the id that it sent stands in the log', async () => {
    const api = await startApi();
    const { headers } = await api.send('GET', '/protected', { headers: { 'x-request-id': 'my-request-1' } });
    const id = headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await expect
      .poll(api.logged)
      .toMatch(new RegExp(`"request_id":"${id}","caller_request_id":"my-request-1"`));
  });

  test('a trusted proxy chooses the request id', async () => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    const { body, headers } = await api.send('GET', '/protected', {
      headers: { 'x-request-id': 'my-request-1', 'x-forwarded-for': '192.0.2.1' },
    });
    expect([body.request_id, headers.get('x-request-id')]).toEqual(['my-request-1', 'my-request-1']);
  });

  test('a 500 reveals no internals, and is logged with its cause', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    await api.db.schema.alterTable('users', (table) => table.renameColumn('dob', 'gone'));
    const { status, body, text: answer, headers } = await api.send('GET', '/api/users', { token });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(answer).not.toMatch(/dob|column|sql|select|gone/i);
    expect(api.logged()).toContain(`"request_id":"${headers.get('x-request-id')}"`);
    expect(api.logged()).toMatch(/no such column: dob|dob\W+ does not exist/);
  });
});
