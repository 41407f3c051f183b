import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { diagnose, isCauseId, type Report } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { change, faults, freePorts, type Line } from '@signet/rig';
import cors from 'cors';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startChangingProxy, startProxy, startServer } from '../broken-proxy.ts';
import { startApi } from '../start-api.ts';

const page = 'http://localhost:4100';

/** So long an answer may take on a busy machine. */
const patientMs = 30_000;

async function examine(api: string, origin = page, call?: Parameters<typeof readTarget>[2]): Promise<Report> {
  return diagnose(await probe(readTarget(api, origin, call), { answerMs: patientMs }));
}

const ids = ({ findings }: Report) => findings.map(({ id }) => id);

const isPreflight = ({ method }: { method?: string | undefined }) => method === 'OPTIONS';

describe('the doctor names one cause', () => {
  test.each(faults)(
    'For $of the doctor names $verdict and nothing else, and is silent once it is fixed.',
    async ({ verdict, broken }) => {
      expect(isCauseId(verdict)).toBe(true);
      const api = await startApi();
      let isFixed = false;
      const port = await startChangingProxy(api.url, () => (isFixed ? {} : broken));
      const report = await examine(`http://localhost:${port}`);
      expect(ids(report)).toEqual([verdict]);
      expect(report.findings[0]?.evidence).not.toEqual([]);
      isFixed = true;
      expect(ids(await examine(`http://localhost:${port}`))).toEqual([]);
    },
  );

  test('The doctor names origin-not-listed where the API lists another origin, and is silent once it is added.', async () => {
    const api = await startApi({ env: { WEB_ORIGINS: 'http://localhost:5999' } });
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'));
    expect(ids(report)).toEqual(['origin-not-listed']);
    const line = report.findings[0]?.fix.find((each) => each.for === 'signet')?.line ?? '';
    const fixed = await startApi({ env: { WEB_ORIGINS: line.replace('WEB_ORIGINS=', '') } });
    expect(ids(await examine(fixed.url.replace('127.0.0.1', 'localhost')))).toEqual([]);
  });

  test('The doctor names loopback-names where the API lists the page under its other name.', async () => {
    const api = await startApi({ env: { WEB_ORIGINS: 'http://127.0.0.1:4100' } });
    expect(ids(await examine(api.url.replace('127.0.0.1', 'localhost')))).toEqual(['loopback-names']);
  });

  test('The doctor names loopback-names-cookie where the page is on 127.0.0.1 and the API on localhost, and is silent once the page is opened as the fix says.', async () => {
    const api = await startApi();
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1:4100');
    expect(ids(report)).toEqual(['loopback-names-cookie']);
    const fixed = report.findings[0]?.fix[0]?.line;
    expect(fixed).toBe('http://localhost:4100');
    expect(ids(await examine(api.url.replace('127.0.0.1', 'localhost'), fixed))).toEqual([]);
  });

  test('The doctor names server-clocks where the clock of the API is ten minutes ahead.', async () => {
    const api = await startApi();
    api.advance(600);
    expect(ids(await examine(api.url.replace('127.0.0.1', 'localhost')))).toEqual(['server-clocks']);
  });

  test('The doctor names replicas-differ where two servers sign with different keys.', async () => {
    const [one, other] = [await startApi(), await startApi()];
    const port = await startProxy([one.url, other.url]);
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['replicas-differ']);
  });

  test('The doctor names api-not-running where nothing listens.', async () => {
    const [port = 0] = await freePorts(1);
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['api-not-running']);
  });

  test('The doctor names bound-inside-container where the port closes without a word.', async () => {
    const server = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['bound-inside-container']);
  });

  test('The doctor names no-cors-at-all where an API of another make has no CORS.', async () => {
    const port = await startServer(express().get('/{*path}', (_request, response) => void response.json({})));
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['no-cors-at-all']);
  });

  test('The doctor names preflight-needs-auth where another API authenticates before CORS.', async () => {
    const app = express()
      .use((request, response, next) =>
        request.headers.authorization ? next() : void response.status(401).json({}),
      )
      .use(cors({ origin: page, credentials: true }));
    expect(ids(await examine(`http://localhost:${await startServer(app)}`))).toEqual([
      'preflight-needs-auth',
    ]);
  });

  test('The doctor names not-http where the address has no scheme.', async () => {
    expect(ids(await examine('localhost:8086'))).toEqual(['not-http']);
  });
});

describe('the doctor is silent', () => {
  test('The doctor finds no fault in a right API.', async () => {
    const api = await startApi();
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'));
    expect([ids(report), report.notices.map(({ id }) => id)]).toEqual([[], []]);
    expect(report.checked.filter(({ result }) => result !== 'right').map(({ check }) => check)).toEqual([
      'browser',
    ]);
  });

  test('The doctor finds no fault in a right API behind a proxy that changes nothing.', async () => {
    const api = await startApi();
    expect(ids(await examine(`http://localhost:${await startProxy(api.url)}`))).toEqual([]);
  });

  test('The doctor finds no fault where page and API have one origin.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url);
    const url = `http://localhost:${port}`;
    expect(ids(await examine(url, url))).toEqual([]);
  });

  test('The doctor finds no fault in an API of another make with cors and a cookie.', async () => {
    const app = express()
      .use(cors({ origin: [page, 'http://127.0.0.1:4100'], credentials: true }))
      .get('/', (_request, response) => {
        response.cookie('sid', 'x', { httpOnly: true, sameSite: 'lax' }).json({ ok: true });
      });
    const report = await examine(`http://localhost:${await startServer(app)}`);
    expect(ids(report)).toEqual([]);
  });

  test('The doctor finds no fault in an API of another make that only reads.', async () => {
    const port = await startServer((request, response) => {
      const lines: Line[] = [
        ['Access-Control-Allow-Origin', page],
        ['Vary', 'Origin'],
        ['Access-Control-Allow-Methods', 'GET'],
      ];
      response.writeHead(isPreflight(request) ? 204 : 200, lines.flat()).end();
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual([]);
  });
});

describe('two faults at once', () => {
  test('The doctor names both of two faults that break different calls.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url, {
      toPage: (lines) =>
        change(
          'set-cookie',
          (line) => `${line}; Domain=example.com`,
        )(change('access-control-allow-methods', (value) => value.replace(',DELETE', ''))(lines)),
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual([
      'method-not-granted',
      'domain-attribute',
    ]);
  });

  test('The doctor names the first of two faults that break the same calls, and lists the other beneath it.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url, {
      toPage: (lines) =>
        change(
          'access-control-allow-credentials',
          () => 'True',
        )(change('access-control-allow-methods', (value) => value.replace(',DELETE', ''))(lines)),
    });
    const report = await examine(`http://localhost:${port}`);
    expect(ids(report)).toEqual(['credentials-not-granted']);
    expect(report.findings[0]?.consequences).toEqual(['method-not-granted']);
  });
});
