import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '@signet/contracts';
import express from 'express';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Call, Handler, Reply } from '../../src/http/call.ts';
import { send } from '../../src/http/reply.ts';
import { serveForTest } from '../listen-for-test.ts';
import { serveTable } from '../serve-table.ts';

const Row = z.strictObject({ name: z.string().nullable(), of: z.strictObject({ n: z.int() }).optional() });

const endpointOf = (answer: Endpoint['answer']): Endpoint => ({
  method: 'GET',
  path: '/api/rows',
  tag: 'Test',
  summary: 'Rows',
  access: 'anyone',
  status: answer.kind === 'none' ? 204 : 200,
  answer,
  errors: [],
});

/** A server with one endpoint, at `/api/rows`, which answers like this. */
function serve(answer: Endpoint['answer'], handler: (call: Call<Endpoint>, reply: Reply) => unknown) {
  // Each kind of answer has a type of its own, and some of the answers here are wrong.
  return serveTable({ row: endpointOf(answer) }, { row: handler as Handler<Endpoint> });
}

const bytesOf = (text: string) => ({
  mediaType: 'image/png',
  size: text.length,
  read: async () => Buffer.from(text),
});

describe('an answer', () => {
  test.each([
    ['JSON', { kind: 'json', schema: z.string() }, 'é', 'application/json; charset=utf-8', '"é"'],
    [
      'JSON of many bytes',
      { kind: 'json', schema: z.string() },
      'é'.repeat(5000),
      'application/json; charset=utf-8',
      `"${'é'.repeat(5000)}"`,
    ],
    ['text', { kind: 'text', mediaType: 'text/plain' }, 'é', 'text/plain; charset=utf-8', 'é'],
    ['bytes', { kind: 'bytes', mediaTypes: ['image/png'] }, bytesOf('bytes'), 'image/png', 'bytes'],
  ] as const)(
    'of %s has its type and its length, and for HEAD these alone',
    async (_kind, answer, value, type, text) => {
      const api = await serve(answer, () => value);
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, text: sent } = await api.send(method, '/api/rows');
        expect([status, headers.get('content-type'), headers.get('content-length'), sent]).toEqual([
          200,
          type,
          String(Buffer.byteLength(text)),
          method === 'GET' ? text : '',
        ]);
        expect(headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  test('of nothing has no type', async () => {
    const api = await serve({ kind: 'none' }, () => undefined);
    const { status, headers, text } = await api.send('GET', '/api/rows');
    expect([status, headers.get('content-type'), text]).toEqual([204, null, '']);
  });

  test('that is not as its schema says is 500', async () => {
    const api = await serve({ kind: 'page', item: Row }, () => ({ items: [{ name: 1 }] }));
    expect((await api.send('GET', '/api/rows')).body.code).toBe('internal');
  });

  test('has what its handler sets beside it', async () => {
    const api = await serve({ kind: 'json', schema: z.null() }, (_call, reply) => {
      reply.setCookie('a=1');
      reply.setCookie('b=2');
      reply.location('/there');
      reply.quota({ name: 'tries', limit: 9, windowSeconds: 60, remaining: 8, resetSeconds: 7 });
      reply.cacheControl('private');
      reply.contentPolicy("default-src 'self'");
      return null;
    });
    const { setCookies, headers } = await api.send('GET', '/api/rows');
    expect(setCookies).toEqual(['a=1', 'b=2']);
    expect(Object.fromEntries(headers)).toMatchObject({
      location: '/there',
      ratelimit: '"tries";r=8;t=7',
      'ratelimit-policy': '"tries";q=9;w=60',
      'cache-control': 'private',
      'content-security-policy': "default-src 'self'",
    });
  });
});

describe('an answer in memory', () => {
  /** A server that sends this without an endpoint's other parts; `holds` are the bytes for which it asked for room. */
  async function serveHeld(answer: Endpoint['answer'], value: unknown, hold = async () => {}) {
    const holds: number[] = [];
    const app = express();
    app.use((request, response) =>
      send(request, response, endpointOf(answer), value, {
        ended: new AbortController().signal,
        hold: async (bytes) => {
          holds.push(bytes);
          await hold();
        },
      }),
    );
    const { url } = await serveForTest(app);
    return { url, holds };
  }

  test.each([
    ['small JSON', { kind: 'json', schema: z.string() }, 'x'.repeat(4094), []],
    ['large JSON', { kind: 'json', schema: z.string() }, 'é'.repeat(4095), [8192]],
    [
      'a page, for which there is room already',
      { kind: 'page', item: z.string() },
      { items: ['x'.repeat(5000)] },
      [],
    ],
    ['text', { kind: 'text', mediaType: 'text/plain' }, 'éé', [4]],
    ['bytes', { kind: 'bytes', mediaTypes: ['image/png'] }, bytesOf('bytes'), [5]],
  ] as const)('waits for the room of its bytes: %s', async (_kind, answer, value, expected) => {
    const { url, holds } = await serveHeld(answer, value);
    expect((await fetch(url)).status).toBe(200);
    expect(holds).toEqual(expected);
  });

  test('is not read for a caller who left while there was no room', async () => {
    let isRead = false;
    let isClosed = false;
    const { url, holds } = await serveHeld(
      { kind: 'bytes', mediaTypes: ['image/png'] },
      {
        ...bytesOf('bytes'),
        read: async () => {
          isRead = true;
          return Buffer.from('bytes');
        },
      },
      async () => {
        sent.destroy();
        await delay(100);
        isClosed = true;
      },
    );
    const sent = get(url).on('error', () => {});
    await expect.poll(() => isClosed).toBe(true);
    expect([holds, isRead]).toEqual([[5], false]);
  });
});

describe('an answer with an ETag', () => {
  const serveTagged = () =>
    serve({ kind: 'bytes', mediaTypes: ['image/png'] }, (_call, reply) => {
      reply.inertFile('a.png');
      return reply.etag('tag') ? undefined : bytesOf('bytes');
    });

  test.each(['"tag"', 'W/"tag"', '*', '"other", "tag"', '"other" ,W/"tag"'])(
    'is 304 without a body for who has %s',
    async (given) => {
      const { send } = await serveTagged();
      const { status, headers, text } = await send('GET', '/api/rows', {
        headers: { 'if-none-match': given },
      });
      expect([status, headers.get('etag'), text]).toEqual([304, '"tag"', '']);
    },
  );

  test.each([undefined, '"other"', 'tag', '"tag', 'w/"tag"', '"tag" "other"', '""'])(
    'is sent to who has %s',
    async (given) => {
      const { send } = await serveTagged();
      const { status, headers, text } = await send('GET', '/api/rows', {
        headers: given === undefined ? {} : { 'if-none-match': given },
      });
      expect([status, headers.get('etag'), text]).toEqual([200, '"tag"', 'bytes']);
      expect(headers.get('content-disposition')).toBe('inline; filename="a.png"');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    },
  );
});

describe('a page', () => {
  test.each([
    ['/api/rows', '</api/rows?after=a-cursor>; rel="next"'],
    ['/api/rows/?limit=2&after=x&q=%C3%A9', '</api/rows/?limit=2&after=a-cursor&q=%C3%A9>; rel="next"'],
  ])('at %s leads to the next with the same query', async (path, link) => {
    const api = await serve({ kind: 'page', item: Row }, () => ({ items: [], next: 'a-cursor' }));
    expect((await api.send('GET', path)).headers.get('link')).toBe(link);
  });

  test('that is the last leads nowhere, and depends on Accept only where there is a CSV of it', async () => {
    for (const [csv, vary] of [
      [undefined, null],
      [['name'], 'Accept'],
    ] as const) {
      const api = await serve({ kind: 'page', item: Row, ...(csv && { csv }) }, () => ({ items: [] }));
      const { headers, text } = await api.send('GET', '/api/rows');
      expect([headers.get('link'), headers.get('vary'), text]).toEqual([null, vary, '[]']);
    }
  });
});

describe('a list as CSV', () => {
  const serveCsv = (...names: (string | null)[]) =>
    serve({ kind: 'page', item: Row, csv: ['name', 'of', 'of.n', 'of.n.x'] }, ({ format }) => {
      async function* pages() {
        yield names.map((name) => ({ name, of: { n: 1 } }));
        yield [];
        yield [{ name: 'without' }];
      }
      return format === 'csv' ? { pages: pages(), next: 'more' } : { items: [] };
    });

  test.each([
    [null, ''],
    ['', ''],
    ['plain text', 'plain text'],
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\nb', '"a\nb"'],
    ['a\rb', '"a\rb"'],
    ['=1', "'=1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@a', "'@a"],
    ['\t1', "'\t1"],
    ['\r=1', `"'\r=1"`],
    ['\n=1', `"'\n=1"`],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠1', "'＠1"],
    ['1=1', '1=1'],
  ])('has %j as %j', async (name, cell) => {
    const api = await serveCsv(name);
    const { text } = await api.send('GET', '/api/rows', { headers: { accept: 'text/csv' } });
    expect(text).toBe(`name,of,of.n,of.n.x\r\n${cell},"{""n"":1}",1,\r\nwithout,,,\r\n`);
  });

  test('is a file with the name of its path, and leads to the rest', async () => {
    const api = await serveCsv('x');
    for (const [method, path] of [
      ['GET', '/api/rows'],
      ['GET', '/api/rows/?a=b/c'],
      ['HEAD', '/api/rows'],
    ] as const) {
      const { headers, text } = await api.send(method, path, { headers: { accept: 'text/csv' } });
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      expect(headers.get('content-disposition')).toBe('attachment; filename="rows.csv"');
      expect(headers.get('link')).toMatch(/after=more/);
      expect(text === '').toBe(method === 'HEAD');
    }
  });

  /** Pages of 100 kB; `ends` counts the sources of them that were closed. */
  function createPages() {
    let [asked, ends] = [0, 0];
    async function* pages(count = Number.POSITIVE_INFINITY) {
      try {
        while (asked < count) {
          asked += 1;
          yield [{ name: 'x'.repeat(100_000) }];
        }
      } finally {
        ends += 1;
      }
    }
    return { pages, asked: () => asked, ends: () => ends };
  }

  test('arrives whole at a reader who takes it late', async () => {
    const { pages, asked } = createPages();
    const api = await serve({ kind: 'page', item: Row, csv: ['name'] }, () => ({ pages: pages(300) }));
    const [response] = await once(
      get(`${api.url}/api/rows`, { headers: { accept: 'text/csv' } }),
      'response',
    );
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = before === asked();
        before = asked();
        expect(isStill).toBe(true);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(asked()).toBeLessThan(300);
    expect(await text(response)).toHaveLength('name\r\n'.length + 300 * 100_002);
  });

  test.each(['while they read', 'while they do not read'])(
    'is not read on for a caller who leaves %s',
    async (when) => {
      const { pages, ends } = createPages();
      const api = await serve({ kind: 'page', item: Row, csv: ['name'] }, () => ({ pages: pages() }));
      const sent = get(`${api.url}/api/rows`, { headers: { accept: 'text/csv' } }).on('error', () => {});
      const [response] = await once(sent, 'response');
      response.on('error', () => {});
      if (when === 'while they read') response.resume();
      await delay(100);
      sent.destroy();
      await expect.poll(ends).toBe(1);
    },
  );

  test('is not read for HEAD', async () => {
    const { pages, asked } = createPages();
    const api = await serve({ kind: 'page', item: Row, csv: ['name'] }, () => ({ pages: pages(3) }));
    await api.send('HEAD', '/api/rows', { headers: { accept: 'text/csv' } });
    expect(asked()).toBe(0);
  });

  test.each([
    { kind: 'page', item: Row },
    { kind: 'json', schema: z.object({ items: z.array(Row) }) },
  ] as const)('is not asked of a handler whose endpoint has none: $kind', async (answer) => {
    const formats: string[] = [];
    const api = await serve(answer, ({ format }) => {
      formats.push(format);
      return { items: [] };
    });
    await api.send('GET', '/api/rows', { headers: { accept: 'text/csv' } });
    expect(formats).toEqual(['json']);
  });

  test('breaks off at a row that is not as its schema says', async () => {
    const api = await serve({ kind: 'page', item: Row, csv: ['name'] }, () => {
      async function* pages() {
        yield [{ name: 'first' }];
        yield [{ name: 1 }];
      }
      return { pages: pages() };
    });
    await expect(api.send('GET', '/api/rows', { headers: { accept: 'text/csv' } })).rejects.toThrow();
    expect(api.logged()).toContain('expected string');
  });

  test.each([
    ['text/csv', 'text/csv; charset=utf-8; header=present'],
    ['application/json;q=0.5, text/csv', 'text/csv; charset=utf-8; header=present'],
    ['text/*', 'text/csv; charset=utf-8; header=present'],
    ['*/*', 'application/json; charset=utf-8'],
    ['text/csv;q=0.5, application/json', 'application/json; charset=utf-8'],
    ['text/html', 'application/json; charset=utf-8'],
  ])('is the answer to Accept: %s if that prefers it', async (accept, type) => {
    const api = await serveCsv('x');
    const { headers } = await api.send('GET', '/api/rows', { headers: { accept } });
    expect(headers.get('content-type')).toBe(type);
  });
});
