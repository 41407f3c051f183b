import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { startApi, webOrigin } from './start-api.ts';

const credentials = JSON.stringify({ username: 'toby', password: '123toby' });

/** Sends exactly these header lines, because fetch sets the Host itself. */
async function ask(
  url: string,
  line: string,
  headers: readonly string[],
  { version = '1.1', body = '' }: { version?: string; body?: string } = {},
) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const answer = text(socket);
  const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`, 'Content-Type: application/json'] : [];
  socket.write(
    [`${line} HTTP/${version}`, ...headers, ...length, 'Connection: close', '', body].join('\r\n'),
  );
  const [head = '', content = ''] = (await answer).split('\r\n\r\n', 2);
  const { code = '', detail = '' } = /application\/problem\+json/.test(head)
    ? JSON.parse(content.slice(content.indexOf('{'), content.lastIndexOf('}') + 1))
    : {};
  return { status: Number(head.split(' ', 2)[1]), head, code, detail };
}

describe('a request for a host that is not on the list', () => {
  test('a request for a host that is not on the list is answered host_unknown before its password is looked at, also from a page of that same host', async () => {
    const api = await startApi();
    const refused = await ask(
      api.url,
      'POST /token',
      ['Host: attacker.example:8086', 'Origin: http://attacker.example:8086'],
      { body: credentials },
    );
    expect(refused).toMatchObject({ status: 421, code: 'host_unknown' });
    expect(refused.head).not.toMatch(/access-control-allow/i);
    expect(await api.db('audit_events').where({ event: 'sign_in' })).toEqual([]);
  });

  test('a request for a host that is not on the list is answered so that a page of a listed origin can read it', async () => {
    const api = await startApi();
    const { status, head } = await ask(api.url, 'GET /protected', [
      'Host: api.example.org',
      `Origin: ${webOrigin}`,
    ]);
    expect(status).toBe(421);
    expect(head).toMatch(new RegExp(`^access-control-allow-origin: ${webOrigin}\r?$`, 'im'));
    const preflight = await ask(api.url, 'OPTIONS /protected', [
      'Host: api.example.org',
      `Origin: ${webOrigin}`,
      'Access-Control-Request-Method: GET',
    ]);
    expect(preflight.status).toBe(204);
  });

  test.each(['/', '/nothing/here', '/docs', '/api/users', '/metrics/..%2fapi/users', '/healthz/x'])(
    'is answered host_unknown at %s',
    async (path) => {
      const api = await startApi();
      expect(await ask(api.url, `GET ${path}`, ['Host: attacker.example'])).toMatchObject({
        status: 421,
        code: 'host_unknown',
      });
    },
  );

  test.each(['/healthz', '/readyz', '/metrics', '/healthz/', '/metrics/'])(
    'is answered at %s, because probes use names of their own network',
    async (path) => {
      const api = await startApi();
      expect((await ask(api.url, `GET ${path}`, ['Host: api:8086'])).status).toBe(200);
    },
  );

  test('a request for a host that is not on the list is what the target says if that is an absolute URL, whatever the Host header says', async () => {
    const api = await startApi();
    const { port } = new URL(api.url);
    const own = `http://localhost:${port}`;
    const foreign = await ask(api.url, 'GET http://attacker.example/api/users', [`Host: localhost:${port}`]);
    expect(foreign).toMatchObject({ status: 421, code: 'host_unknown' });
    const known = await ask(api.url, `GET ${own}/healthz?x=1`, ['Host: attacker.example']);
    expect(known.status).toBe(200);
    const guarded = await ask(
      api.url,
      `POST ${own}/token`,
      ['Host: attacker.example', 'Origin: http://attacker.example'],
      { body: credentials },
    );
    expect(guarded).toMatchObject({ status: 403, code: 'origin_refused' });
  });
});

describe('a request that does not name exactly one host', () => {
  test.each([
    ['without a Host', 'GET /healthz', []],
    ['with two', 'GET /healthz', ['Host: localhost', 'Host: attacker.example']],
    ['with the same one twice', 'GET /healthz', ['Host: localhost', 'Host: localhost']],
    ['with a target that is no URL', 'GET http://[::1/x', ['Host: localhost']],
    ['with a target of another scheme', 'GET ftp://localhost/x', ['Host: localhost']],
    ['with a user in the target', 'GET http://localhost@attacker.example/x', ['Host: localhost']],
  ])(
    'a request that does not name exactly one host is answered invalid_request: %s',
    async (_, line, headers) => {
      const api = await startApi();
      const { head, ...answer } = await ask(api.url, line, [...headers, `Origin: ${webOrigin}`]);
      expect(answer).toEqual({
        status: 400,
        code: 'invalid_request',
        detail: 'The request does not name exactly one host',
      });
      expect(head).toMatch(/^x-request-id: /im);
      expect(head).toMatch(/^access-control-allow-origin: /im);
    },
  );

  test('a request that does not name exactly one host is answered if it is HTTP/1.0, where a request may come without one', async () => {
    const api = await startApi();
    expect((await ask(api.url, 'GET /docs', [], { version: '1.0' })).status).toBe(200);
  });
});

describe('behind a proxy', () => {
  test('behind a proxy, the host that the proxy names counts, if the proxy is trusted', async () => {
    const named = (host: string) => ['Host: api:8086', `X-Forwarded-Host: ${host}`];
    const trusting = await startApi({ env: { TRUST_PROXY: '1', ALLOWED_HOSTS: 'api.example.org' } });
    expect((await ask(trusting.url, 'GET /docs', named('api.example.org'))).status).toBe(200);
    expect((await ask(trusting.url, 'GET /docs', named('attacker.example'))).status).toBe(421);
    const direct = await startApi({ env: { ALLOWED_HOSTS: 'api.example.org' } });
    expect((await ask(direct.url, 'GET /docs', named('api.example.org'))).status).toBe(421);
    expect((await ask(direct.url, 'GET /docs', ['Host: API.example.org.:80'])).status).toBe(200);
  });
});
