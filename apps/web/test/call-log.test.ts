import { describe, expect, test } from 'vitest';
import { createCallLog } from '../src/session/call-log.ts';

const answer = async () =>
  new Response('secret-body', { status: 200, headers: { 'x-request-id': 'request-7', etag: 'secret-tag' } });

function setUp() {
  let time = 1000;
  const log = createCallLog({ now: () => (time += 5) });
  return { log, newest: () => log.calls().at(-1) };
}

describe('the log of the page’s own calls', () => {
  test('a call is recorded by names and facts, and no value of it is', async () => {
    const { log, newest } = setUp();
    const request = new Request('http://localhost:8086/api/users/4711?after=secret-cursor', {
      method: 'PATCH',
      body: '{"name":"secret-name"}',
      headers: { authorization: 'Bearer secret-token', 'content-type': 'application/json' },
      credentials: 'omit',
    });
    await log.record(answer)(request);
    expect(newest()).toMatchObject({
      method: 'PATCH',
      route: '/api/users/:id',
      origin: 'http://localhost:8086',
      query: ['after'],
      credentials: 'omit',
      headers: ['authorization', 'content-type'],
      unsafeHeaders: ['authorization', 'content-type'],
      hasUploadListener: false,
      outcome: { status: 200, requestId: 'request-7', headers: expect.arrayContaining(['etag']) },
    });
    expect(JSON.stringify(log.calls())).not.toMatch(/secret|4711/);
  });

  test('the request is given on as it is, and so is the answer', async () => {
    const { log } = setUp();
    const seen: unknown[] = [];
    const response = await answer();
    const request = new Request('http://localhost:8086/protected');
    const progress = () => undefined;
    const got = await log.record(async (...given) => {
      seen.push(...given);
      return response;
    })(request, progress);
    expect(seen).toEqual([request, progress]);
    expect(got).toBe(response);
  });

  test('a call without an answer keeps the class of its error, and is found by that error', async () => {
    const { log, newest } = setUp();
    const error = new TypeError('secret-reason');
    const send = log.record(() => Promise.reject(error));
    await expect(send(new Request('http://localhost:8086/protected'))).rejects.toBe(error);
    expect(newest()).toMatchObject({ outcome: { error: 'TypeError' } });
    expect(log.failedWith(error)).toBe(newest()?.id);
    expect(JSON.stringify(log.calls())).not.toContain('secret');
  });

  test('a call whose signal was aborted before says that it never left', async () => {
    const { log, newest } = setUp();
    const request = new Request('http://localhost:8086/protected', { signal: AbortSignal.abort() });
    await log
      .record((sent) => Promise.reject(sent.signal.reason))(request)
      .catch(() => undefined);
    expect(newest()?.outcome).toMatchObject({ error: 'AbortError', neverLeft: true });
  });

  test('the newest 200 calls are kept, and those that read the trace are left out', async () => {
    const { log, newest } = setUp();
    const send = log.record(answer);
    for (let count = 0; count < 205; count += 1) await send(new Request('http://localhost:8086/protected'));
    await send(new Request('http://localhost:8086/api/exchanges?after=start'));
    expect(log.calls()).toHaveLength(200);
    expect(newest()).toMatchObject({ id: 'call-205', route: '/protected' });
  });

  test.each([
    ['/api/users/me/', '/api/users/me'],
    ['/api/users/7/sessions', '/api/users/:id/sessions'],
    ['/nowhere/7', undefined],
  ])('the path %s is recorded as %s', async (path, route) => {
    const { log, newest } = setUp();
    await log.record(answer)(new Request(`http://localhost:8086${path}`));
    expect(newest()?.route).toBe(route);
  });

  test('the origin that answered is recorded where a redirect led to another one', async () => {
    const { log, newest } = setUp();
    const from = async (url: string) => {
      const response = Object.defineProperty(await answer(), 'url', { value: url });
      await log.record(async () => response)(new Request('http://localhost:8086/protected'));
      return newest()?.outcome?.redirectedTo;
    };
    expect(await from('http://localhost:9000/secret-path')).toBe('http://localhost:9000');
    expect(await from('http://localhost:8086/elsewhere')).toBeUndefined();
  });

  test('equal addresses are known again, and different ones are told apart', async () => {
    const { log } = setUp();
    const send = log.record(answer);
    for (const id of [1, 2, 1]) await send(new Request(`http://localhost:8086/api/users/${id}`));
    const [first, second, third] = log.calls().map(({ resource }) => resource);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
  });
});
