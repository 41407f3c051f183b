import { createSocket } from 'node:dgram';
import { Exchange } from '@signet/contracts';
import { freePorts } from '@signet/rig';
import { describe, expect, test } from 'vitest';
import { type Api, startApi, webOrigin } from './start-api.ts';

/** What nginx sends for a preflight that it grants. */
const preflight = {
  id: '4d1a6c0b8f5e4e1c9d7a2b3c4d5e6f70',
  ended: '1700000000.250',
  seconds: '0.125',
  method: 'OPTIONS',
  path: '/api/posts/4',
  status: '204',
  problem: '',
  origin: webOrigin,
  site: 'same-site',
  mode: 'cors',
  agent: 'a browser',
  asked_method: 'DELETE',
  asked_headers: 'authorization',
  headers: '',
  cookies: '',
  body_bytes: '',
  granted_origin: webOrigin,
  granted_credentials: 'true',
  granted_methods: 'GET,DELETE',
  granted_headers: 'Authorization,Content-Type',
  exposed_headers: 'Link,X-Request-Id',
  max_age: '7200',
  vary: 'Origin, Access-Control-Request-Method',
};

const datagramOf = (report: object) => `<190>Nov 26 01:00:00 signet: ${JSON.stringify(report)}`;

async function startWithReports(env: Record<string, string> = {}) {
  const [port = 0] = await freePorts(1);
  const api = await startApi({ env: { TRACE_SYSLOG_PORT: String(port), ...env } });
  return { api, send: (datagrams: readonly string[]) => sendTo(port, datagrams) };
}

async function sendTo(port: number, datagrams: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  await Promise.all(datagrams.map((datagram) => new Promise((resolve) => socket.send(datagram, resolve))));
  socket.close();
}

async function readExchanges(api: Api): Promise<Exchange[]> {
  const answer = await fetch(`${api.url}/api/exchanges?after=start`);
  const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => Exchange.parse(JSON.parse(line.slice(6))));
}

async function countOf(api: Api, outcome: string): Promise<number> {
  const { text } = await api.send('GET', '/metrics');
  return Number(
    new RegExp(`^signet_trace_reports_total{outcome="${outcome}"} (\\d+)`, 'm').exec(text)?.[1] ?? 0,
  );
}

describe('a report of nginx', () => {
  test('a report of nginx becomes an exchange that nginx answered, with what was asked and granted', async () => {
    const { api, send } = await startWithReports();
    await send([datagramOf(preflight)]);
    await expect.poll(() => readExchanges(api)).toHaveLength(1);
    const [exchange] = await readExchanges(api);
    expect(exchange).toMatchObject({
      request_id: preflight.id,
      at: '2023-11-14T22:13:20.125Z',
      answered_by: 'nginx',
      method: 'OPTIONS',
      route: '/api/posts/:id',
      status: 204,
      origin: webOrigin,
      fetch_site: 'same-site',
      fetch_mode: 'cors',
      client: expect.stringMatching(/^[a-f0-9]{8}$/),
      preflight: { method: 'DELETE', headers: ['authorization'] },
      headers: ['origin', 'access-control-request-method', 'access-control-request-headers'],
      grant: {
        origin: webOrigin,
        credentials: true,
        methods: ['GET', 'DELETE'],
        headers: ['Authorization', 'Content-Type'],
        exposed_headers: ['Link', 'X-Request-Id'],
        max_age: 7200,
      },
      vary: ['Origin', 'Access-Control-Request-Method'],
    });
    expect(exchange?.problem).toBeUndefined();
  });

  test('a report of nginx names the rule by which it refused a preflight or a host, and none for other errors', async () => {
    const { api, send } = await startWithReports();
    const refused = { ...preflight, granted_origin: '', granted_methods: '', status: '403' };
    const plain = { ...preflight, method: 'POST', asked_method: '', asked_headers: '' };
    await send([
      datagramOf({ ...refused, problem: 'origin_refused' }),
      datagramOf({ ...plain, status: '421', problem: 'host_unknown' }),
      datagramOf({ ...plain, status: '413', problem: 'body_too_large', body_bytes: '900000' }),
    ]);
    await expect.poll(() => readExchanges(api)).toHaveLength(3);
    expect(await readExchanges(api)).toMatchObject([
      { status: 403, problem: { code: 'origin_refused', rule: 'preflight-origin' } },
      { status: 421, problem: { code: 'host_unknown', rule: 'host-name' } },
      { status: 413, problem: { code: 'body_too_large' }, body_bytes: 900_000 },
    ]);
  });

  test('a report of nginx that is dated in the future becomes an exchange of now', async () => {
    const { api, send } = await startWithReports();
    await send([datagramOf({ ...preflight, ended: '9999999999.999' })]);
    await expect.poll(() => readExchanges(api)).toHaveLength(1);
    const [exchange] = await readExchanges(api);
    expect(Date.parse(exchange?.at ?? '')).toBeLessThanOrEqual(Date.now());
  });

  test('a report of nginx names a client as the API names it, so that a preflight can be matched to its request', async () => {
    const { api, send } = await startWithReports();
    await send([datagramOf(preflight)]);
    await api.send('GET', '/healthz', { headers: { 'user-agent': preflight.agent } });
    await expect.poll(() => readExchanges(api)).toHaveLength(2);
    const [first, second] = await readExchanges(api);
    expect(first?.client).toBe(second?.client);
  });

  test('a report of nginx that is not in its form is counted and dropped, and the stream of exchanges goes on', async () => {
    const { api, send } = await startWithReports();
    const garbage = [
      '',
      'not a report',
      datagramOf(preflight).slice(0, -9),
      datagramOf([]),
      datagramOf({ ...preflight, added: 'a member' }),
      datagramOf({ ...preflight, status: 'two hundred' }),
      datagramOf({ ...preflight, id: '<script>' }),
      datagramOf({ ...preflight, problem: 'made up' }),
      datagramOf({ ...preflight, granted_origin: 'x'.repeat(300) }),
      datagramOf({ ...preflight, max_age: '1e99' }),
      datagramOf({ ...preflight, seconds: '-1.000' }),
      datagramOf({ ...preflight, agent: 'x'.repeat(9000) }),
      `${datagramOf(preflight)}\n`,
      '\u0000'.repeat(1000),
    ];
    await send([...garbage, datagramOf(preflight)]);
    await expect.poll(() => countOf(api, 'taken')).toBe(1);
    expect(await countOf(api, 'malformed')).toBe(garbage.length);
    expect((await readExchanges(api)).filter((each) => each.answered_by === 'nginx')).toHaveLength(1);
  });

  test('a report of nginx becomes names in safe characters and words of closed lists, whatever its members hold', async () => {
    const { api, send } = await startWithReports();
    const canary = 'canary/of=this test';
    const filled = Object.fromEntries(
      Object.entries(preflight).map(([name, value]) => [name, value && canary]),
    );
    const { id, ended, seconds, status } = preflight;
    await send([
      datagramOf({
        ...filled,
        id,
        ended,
        seconds,
        status,
        granted_origin: '',
        max_age: '',
        problem: '',
        method: 'OPTIONS',
      }),
    ]);
    await expect.poll(() => readExchanges(api)).toHaveLength(1);
    expect(JSON.stringify(await readExchanges(api))).not.toContain('canary/of');
    expect(await readExchanges(api)).toMatchObject([
      {
        origin: 'invalid',
        fetch_site: 'other',
        fetch_mode: 'other',
        preflight: { method: 'OTHER', headers: ['_'] },
      },
    ]);
  });

  test('a flood of reports of nginx is cut to a hundred in a second, so that it does not push out every other exchange', async () => {
    const { api, send } = await startWithReports();
    const flood = Array.from({ length: 400 }, () => datagramOf(preflight));
    // On a busy machine a burst can lose datagrams or last longer than a second: a flood goes on.
    await expect
      .poll(async () => {
        await send(flood);
        return countOf(api, 'too_many');
      })
      .toBeGreaterThan(0);
    const reported = (await readExchanges(api)).filter((each) => each.answered_by === 'nginx');
    expect(reported.length).toBeLessThanOrEqual(await countOf(api, 'taken'));
    expect((await api.send('GET', '/healthz')).status).toBe(200);
  });
});

test('no port takes reports where others reach the API', async () => {
  const elsewhere = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-origin' };
  const [port = 0] = await freePorts(1);
  await startApi({ env: { TRACE_SYSLOG_PORT: String(port), ...elsewhere } });
  const socket = createSocket('udp4');
  // The port is free, so that this can open it.
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', resolve);
  });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

test('the API starts without reports where their port is taken, and says so in the log', async () => {
  const [port = 0] = await freePorts(1);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  const api = await startApi({ env: { TRACE_SYSLOG_PORT: String(port) } });
  expect((await api.send('GET', '/healthz')).status).toBe(200);
  expect(api.logged()).toContain(`UDP port ${port} of 127.0.0.1 cannot be opened`);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});
