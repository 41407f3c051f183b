import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { Exchange } from '@signet/contracts';
import { freePorts } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchNetwork } from './random-calls/watch-network.ts';
import { type Api, startApi } from './start-api.ts';
import { type Answer, ask, type Nginx, startNginx, testConfiguration } from './start-nginx.ts';
import { signIn, signOut, startBrowser } from './start-stack.ts';

/** Two APIs, each with a trace; the reports of one nginx go to both. */
let apis: readonly [Api, Api];
let nginx: Nginx;
let origin: string;

beforeAll(async () => {
  const [webPort = 0, apiPort = 0, first = 0, second = 0] = await freePorts(4);
  origin = `http://localhost:${webPort}`;
  const start = (port: number) =>
    startApi({ env: { WEB_ORIGINS: origin, TRUST_PROXY: '1', TRACE_SYSLOG_PORT: String(port) } });
  apis = [await start(first), await start(second)];
  nginx = await startNginx({
    webPort,
    apiPort,
    apiServers: `127.0.0.1:${apis[0].port}`,
    env: {
      WEB_ORIGINS: origin,
      API_URL: `http://{hostname}:${apiPort}`,
      TRACE_SERVERS: `127.0.0.1:${first} 127.0.0.1:${second}`,
    },
  });
});

afterAll(async () => {
  await nginx?.stop();
  for (const api of apis ?? []) await api.stop();
});

async function readExchanges(api: Api): Promise<Exchange[]> {
  const { text } = await ask(api.url, 'GET', '/api/exchanges?after=start');
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => Exchange.parse(JSON.parse(line.slice(6))));
}

/** The exchange of an answer, which a datagram may bring a moment after the answer. */
async function exchangeOf(answer: Answer, api = apis[0]): Promise<Exchange | undefined> {
  const find = async () =>
    (await readExchanges(api)).find((each) => each.request_id === answer.headers['x-request-id']);
  await expect.poll(find).toBeDefined();
  return find();
}

const preflight = (from: string) => ({
  origin: from,
  'access-control-request-method': 'DELETE',
  'access-control-request-headers': 'authorization,content-type',
  'sec-fetch-site': 'same-site',
});

describe('what nginx answers itself is in the trace', () => {
  test('what nginx answers itself is in the trace: a preflight, with the headers that it asked for and the grant as it was sent', async () => {
    const answer = await ask(nginx.apiUrl, 'OPTIONS', '/api/posts/4?q=secret', {
      headers: preflight(origin),
    });
    expect(answer.status).toBe(204);
    const sent = (name: string) => String(answer.headers[name]).split(/, ?/);
    expect(await exchangeOf(answer)).toMatchObject({
      answered_by: 'nginx',
      method: 'OPTIONS',
      route: '/api/posts/:id',
      status: 204,
      origin,
      fetch_site: 'same-site',
      preflight: { method: 'DELETE', headers: ['authorization', 'content-type'] },
      grant: {
        origin: answer.headers['access-control-allow-origin'],
        credentials: true,
        methods: sent('access-control-allow-methods'),
        headers: sent('access-control-allow-headers'),
        exposed_headers: sent('access-control-expose-headers'),
        max_age: 7200,
      },
      vary: sent('vary'),
      query: [],
    });
  });

  test('what nginx answers itself is in the trace of every replica', async () => {
    const answer = await ask(nginx.apiUrl, 'OPTIONS', '/protected', { headers: preflight(origin) });
    for (const api of apis) expect(await exchangeOf(answer, api)).toMatchObject({ answered_by: 'nginx' });
  });

  test('what nginx answers itself is in the trace: a preflight from a foreign origin, with its rule and without a grant', async () => {
    const headers = preflight('http://foreign.example');
    const answer = await ask(nginx.apiUrl, 'OPTIONS', '/protected', { headers });
    const exchange = await exchangeOf(answer);
    expect(exchange).toMatchObject({
      status: 403,
      origin: 'http://foreign.example',
      problem: { code: 'origin_refused', rule: 'preflight-origin' },
    });
    expect(exchange?.grant).toBeUndefined();
  });

  test('what nginx answers itself is in the trace: its own errors, with the names of what was sent and no value', async () => {
    const canary = 'canary-of-this-test';
    const headers = { origin, authorization: `Bearer ${canary}`, cookie: `a=${canary}; jwt=${canary}` };
    const large = await ask(nginx.apiUrl, 'POST', `/token?token=${canary}`, {
      headers,
      body: `"${canary}${'x'.repeat(200_000)}"`,
    });
    const unknownHost = await ask(nginx.apiUrl, 'GET', '/protected', { headers: { host: 'evil.example' } });
    const hidden = await ask(nginx.apiUrl, 'GET', '/metrics', { headers });
    expect(await exchangeOf(large)).toMatchObject({
      status: 413,
      route: '/token',
      problem: { code: 'body_too_large' },
      headers: ['origin', 'authorization', 'cookie', 'content-type'],
      cookies: ['jwt'],
      grant: { origin, credentials: true },
    });
    expect(await exchangeOf(unknownHost)).toMatchObject({
      problem: { code: 'host_unknown', rule: 'host-name' },
    });
    expect(await exchangeOf(hidden)).toMatchObject({ status: 404, route: '/metrics' });
    expect(JSON.stringify(await readExchanges(apis[0]))).not.toContain(canary);
  });

  test('what the API answers is in the trace once, as its own answer, and a missing file of the page is not', async () => {
    await ask(nginx.webUrl, 'GET', '/assets/missing.js');
    const answer = await ask(nginx.apiUrl, 'GET', '/protected', { headers: { origin } });
    const last = await ask(nginx.apiUrl, 'OPTIONS', '/protected', { headers: preflight(origin) });
    await exchangeOf(last);
    const exchanges = await readExchanges(apis[0]);
    const own = exchanges.filter((each) => each.request_id === answer.headers['x-request-id']);
    expect(own).toMatchObject([{ status: 401, problem: { code: 'token_missing' } }]);
    expect(own[0]?.answered_by).toBeUndefined();
    expect(exchanges.filter((each) => each.status === 404 && each.route === undefined)).toEqual([]);
  });
});

test('an answer of nginx for an API that is away is in the trace of another, with the method that the caller sent', async () => {
  const [webPort = 0, apiPort = 0, nowhere = 0, reports = 0] = await freePorts(4);
  const api = await startApi({ env: { WEB_ORIGINS: origin, TRACE_SYSLOG_PORT: String(reports) } });
  const alone = await startNginx({
    webPort,
    apiPort,
    apiServers: `127.0.0.1:${nowhere}`,
    env: { WEB_ORIGINS: origin, TRACE_SERVERS: `127.0.0.1:${reports}` },
  });
  try {
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(alone.apiUrl, method, '/api/posts/4', { headers: { origin } });
      expect(answer.status).toBe(502);
      await expect.poll(alone.logged).toContain(String(answer.headers['x-request-id']));
      expect(await exchangeOf(answer, api)).toMatchObject({
        method,
        status: 502,
        problem: { code: 'not_ready' },
      });
    }
    const all = (await readExchanges(api)).filter((each) => each.status === 502);
    expect(all.map((each) => each.method)).toEqual(['GET', 'DELETE']);
  } finally {
    await alone.stop();
    await api.stop();
  }
});

test('the preflight of a call in Chromium through nginx is in the trace with what the browser asked and was granted', async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${nginx.webUrl}/sign-in`);
    await signIn(page, 'bearer', 'niko');
    const find = async () =>
      (await readExchanges(apis[0])).find(
        ({ preflight, route }) => preflight?.method === 'GET' && route === '/api/users/me',
      );
    await expect.poll(find).toBeDefined();
    const exchange = await find();
    expect(exchange).toMatchObject({
      answered_by: 'nginx',
      origin,
      fetch_mode: 'cors',
      fetch_site: 'same-site',
      preflight: { method: 'GET', headers: expect.arrayContaining(['authorization']) },
      grant: { origin, headers: expect.arrayContaining(['Authorization']) },
    });
    const request = (await readExchanges(apis[0])).find(
      ({ route, method }) => route === '/api/users/me' && method === 'GET',
    );
    expect(request?.client).toBe(exchange?.client);
    expect(request?.answered_by).toBeUndefined();
    await page.getByRole('link', { name: /^Exchanges/ }).click();
    await page
      .getByRole('list', { name: 'Calls, the newest first' })
      .getByRole('link', { name: /^GET \/api\/users\/me/ })
      .filter({ hasText: 'preflight' })
      .first()
      .click();
    await page.getByText('Preflighted, because of the header authorization.').waitFor();
    const order = page.getByRole('list', { name: 'What happened, in order' }).getByRole('listitem');
    expect((await order.allInnerTexts()).slice(1, 3)).toEqual([
      expect.stringMatching(/browser to nginx[\s\S]*May I\?/),
      expect.stringMatching(/nginx to browser[\s\S]*Granted, 204/),
    ]);
  } finally {
    await browser.close();
  }
});

test('the trace has of a preflight through nginx, field by field, what Chromium sent and was granted', async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${nginx.webUrl}/sign-in`);
    await signIn(page, 'bearer', 'niko');
    const network = await watchNetwork(await page.context().newCDPSession(page));
    await signOut(page);
    const url = `${nginx.apiUrl}/api/sessions/current`;
    const preflights = () => network.startedAt(url, 0).filter(({ isPreflight }) => isPreflight);
    await expect.poll(() => preflights().flatMap(network.headersAnswered)).toHaveLength(1);
    const [sent = {}] = preflights().flatMap(network.headersSent);
    const [answered = {}] = preflights().flatMap(network.headersAnswered);
    const find = async () =>
      (await readExchanges(apis[0])).find((each) => each.request_id === answered['x-request-id']);
    await expect.poll(find).toBeDefined();
    const list = (text = '') => text.split(/, ?/);
    expect(await find()).toMatchObject({
      answered_by: 'nginx',
      origin: sent.origin,
      fetch_mode: sent['sec-fetch-mode'],
      fetch_site: sent['sec-fetch-site'],
      preflight: {
        method: sent['access-control-request-method'],
        headers: list(sent['access-control-request-headers']),
      },
      grant: {
        origin: answered['access-control-allow-origin'],
        credentials: answered['access-control-allow-credentials'] === 'true',
        methods: list(answered['access-control-allow-methods']),
        headers: list(answered['access-control-allow-headers']),
        max_age: Number(answered['access-control-max-age']),
      },
    });
    expect(sent['access-control-request-method']).toBe('DELETE');
  } finally {
    await browser.close();
  }
});

test('the exchange log, behind nginx, says until when a grant is remembered, why a GET with the cookie has none, and what curl sent', async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${nginx.webUrl}/exchanges`);
    await page.getByText('Live, from the page and from the API.').waitFor();
    const network = await watchNetwork(await page.context().newCDPSession(page));
    const why = page.getByRole('list', { name: 'Why' });
    const preflights = () =>
      network.startedAt(`${nginx.apiUrl}/protected`, 0).filter(({ isPreflight }) => isPreflight);
    const press = page.getByRole('button', { name: 'A preflight' });
    await press.click();
    await why.getByText('Preflighted, because of the header authorization.').waitFor();
    await press.click();
    await why.getByText(/^Not preflighted, although .* the grant of \S+.* is remembered until/).waitFor();
    await expect.poll(() => preflights().length).toBe(1);

    await page.goto(`${nginx.webUrl}/sign-in`);
    await signIn(page, 'cookie', 'niko');
    await page.getByRole('link', { name: /^Exchanges/ }).click();
    await page.getByRole('button', { name: 'GET /protected', exact: true }).click();
    await why.getByText(/^Not preflighted, because its method is simple/).waitFor();
    await why.getByText(/^The browser added the cookies? jwt.*: the call is same-site/).waitFor();
    expect(preflights()).toHaveLength(1);

    execFileSync('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-H',
      'Authorization: Bearer a.b.c',
      `${nginx.apiUrl}/protected`,
    ]);
    await page
      .getByRole('list', { name: 'Calls, the newest first' })
      .getByRole('link', { name: /^GET \/protected.*a program.*authorization/ })
      .waitFor();
  } finally {
    await browser.close();
  }
});

test('the comparison of the flows works under the policy of the deployed page, and sees the preflight that nginx answered', async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${nginx.webUrl}/flows`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const answersTo = (question: string) =>
      page.getByRole('listitem').filter({ hasText: question }).getByRole('definition').allInnerTexts();
    await page.getByText('The token itself').waitFor();
    const preflighted = await answersTo('Is GET /protected preflighted?');
    expect(preflighted[0]).toContain('First the browser asked whether it may send authorization.');
    expect(preflighted[1]).toContain('no preflight');
    for (const answer of await answersTo('Does it survive a reload?')) expect(answer).toMatch(/^Yes/);
    for (const answer of await answersTo('Can it be used at another origin?'))
      expect(answer).toContain('its content security policy forbids it');
  } finally {
    await browser.close();
  }
});

test('the stream of exchanges comes through nginx without a delay: each exchange as it happens', async () => {
  const events = await openStream(`${nginx.apiUrl}/api/exchanges`);
  const answer = await ask(nginx.apiUrl, 'GET', '/healthz');
  // The answer of the stream is far from complete and far from filling a buffer of nginx.
  await expect.poll(() => events.text()).toContain(String(answer.headers['x-request-id']));
  events.close();
});

test.each([
  { WEB_ORIGINS: 'http://localhost:4100,https://app.example.org' },
  { PUBLISH_ADDRESS: '0.0.0.0' },
  { PUBLISH_ADDRESS: '192.168.1.7' },
  { TRACE_SERVERS: '' },
])('nginx reports nothing where it is not asked to, or where others reach the API: %o', (env) => {
  const { status, rendered } = testConfiguration({ TRACE_SERVERS: '127.0.0.1:5140', ...env });
  expect(status).toBe(0);
  expect(rendered['reports.conf']).toBe('');
  expect(rendered['once-log.conf']).toBe('access_log off;\n');
});

test.each(['api', 'api:port', '127.0.0.1:5140;', '127.0.0.1:5140,tag=x'])(
  'nginx does not start with a TRACE_SERVERS of another form: %s',
  (TRACE_SERVERS) => {
    const { status, said } = testConfiguration({ TRACE_SERVERS });
    expect(status).toBe(1);
    expect(said).toContain('TRACE_SERVERS has');
  },
);

function openStream(url: string): Promise<{ text: () => string; close: () => void }> {
  return new Promise((resolve, reject) => {
    const asked = get(url, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', () => {});
      resolve({ text: () => text, close: () => asked.destroy() });
    }).on('error', reject);
  });
}
