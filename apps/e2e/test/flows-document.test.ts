import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { type Exchange, recordExchanges } from './record-exchanges.ts';
import { startApi } from './start-api.ts';
import { startBrowser, startServer } from './start-stack.ts';

/** The headers that carry a flow. The others of these exchanges are the same on every web page. */
const shownInRequests = [
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'authorization',
  'content-type',
  'cookie',
  'sec-fetch-site',
];
const shownInAnswers = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'vary',
  'set-cookie',
  'www-authenticate',
  'cache-control',
];

/** What the page does, step by step. `call` is there in the page; it answers with the parsed body. */
const flows: Record<'bearer' | 'cookie', readonly (readonly [title: string, script: string])[]> = {
  bearer: [
    [
      'The page signs in and keeps the tokens in localStorage',
      `
      const { token, refresh_token } = await call('POST', '/token', { body: { username: 'niko', password: '123niko' } });
      Object.assign(localStorage, { token, refresh_token });`,
    ],
    [
      'The page sends the token',
      `
      await call('GET', '/protected', { headers: { authorization: 'Bearer ' + localStorage.token } });`,
    ],
    [
      'The page exchanges the refresh token for new ones',
      `
      Object.assign(localStorage, await call('POST', '/api/sessions/refresh', { body: { refresh_token: localStorage.refresh_token } }));`,
    ],
    [
      'The page signs out',
      `
      await call('DELETE', '/api/sessions/current', { headers: { authorization: 'Bearer ' + localStorage.token } });`,
    ],
    [
      'A copy of the token is refused',
      `
      await call('GET', '/protected', { headers: { authorization: 'Bearer ' + localStorage.token } });`,
    ],
  ],
  cookie: [
    [
      'The page signs in, and the browser keeps the cookies',
      `
      await call('POST', '/api/users/authenticate', { body: { uid: 'niko', password: '123niko' } });`,
    ],
    ['The browser sends the cookie', `await call('GET', '/protected');`],
    [
      'The browser sends the refresh cookie, which is for this path only',
      `
      await call('POST', '/api/sessions/refresh');`,
    ],
    [
      'The page signs out, and the answer clears the cookies',
      `
      await call('DELETE', '/api/sessions/current');`,
    ],
    ['The browser has no cookie any more', `await call('GET', '/protected');`],
  ],
};

const call = `async (method, path, { headers = {}, body } = {}) => {
  const answer = await fetch(api + path, {
    method,
    credentials: carrier === 'cookie' ? 'include' : 'omit',
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}`;

test('docs/flows.md shows the exchanges of a real browser (npm run flows writes it again)', async () => {
  const pages = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
  });
  onTestFinished(() => pages.stop());
  const api = await startApi({ env: { WEB_ORIGINS: `http://localhost:${pages.port}` } });
  onTestFinished(() => api.stop());
  const recorder = await recordExchanges(api.port);
  onTestFinished(() => void recorder.stop());
  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  const asReader = (text: string) =>
    text.replaceAll(`:${pages.port}`, ':4100').replaceAll(`:${recorder.port}`, ':8086');

  const drawings: Record<string, string> = {};
  for (const carrier of ['bearer', 'cookie'] as const) {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${pages.port}/`);
    recorder.take();
    const steps: string[] = [];
    for (const [title, script] of flows[carrier]) {
      await runInPage(page, { carrier, api: `http://localhost:${recorder.port}`, script });
      steps.push(`  Note over Page,API: ${title}`, ...recorder.take().flatMap(draw));
    }
    drawings[carrier] = asReader(
      [
        'sequenceDiagram',
        '  participant Page as Page at http://localhost:4100',
        '  participant API as API at http://localhost:8086',
        ...steps,
      ].join('\n'),
    );
  }
  await expect(documentOf(drawings)).toMatchFileSnapshot('../../../docs/flows.md');
});

function runInPage(page: Page, { carrier, api, script }: Record<'carrier' | 'api' | 'script', string>) {
  const constants = `const carrier = ${JSON.stringify(carrier)}; const api = ${JSON.stringify(api)};`;
  return page.evaluate(`(async () => { ${constants} const call = ${call}; ${script} })()`);
}

function draw({ method, path, headers, status, answerHeaders }: Exchange): string[] {
  const sent = [`${method} ${path}`, ...linesOf(headers, shownInRequests)];
  const answered = [String(status), ...linesOf(answerHeaders, shownInAnswers)];
  return [`  Page->>API: ${sent.join('<br/>')}`, `  API-->>Page: ${answered.join('<br/>')}`];
}

function linesOf(headers: Exchange['headers'], names: readonly string[]): string[] {
  return names.flatMap((name) =>
    [headers[name] ?? []].flat().map((value) => `${name}: ${escapeForMermaid(withoutSecrets(value))}`),
  );
}

/** Values that differ at each run, and would be secrets: tokens, cookies, times. */
function withoutSecrets(value: string): string {
  return value
    .replace(/^Bearer ey\S+/, 'Bearer …')
    .replaceAll(/\b((?:jwt|jwt_refresh|signet_device)=)[^;]+/g, '$1…')
    .replaceAll(/Expires=[^;]+GMT/g, 'Expires=…');
}

/** In Mermaid a semicolon ends a message, and a number sign begins a character. */
function escapeForMermaid(text: string): string {
  return text.replaceAll(/[#;]/g, (character) => `#${character.charCodeAt(0)};`);
}

function documentOf({ bearer, cookie }: Record<string, string>): string {
  return `# The two flows, header by header

A page at \`http://localhost:4100\` signs in at the API at \`http://localhost:8086\`, asks who it is, refreshes,
signs out, and asks again. The headers are those that Chromium and the API really sent; \`…\` stands for a token,
a cookie's value or a time. \`OPTIONS\` is the preflight, by which the browser asks whether the page may send such a
request. \`npm run flows\` records both flows again, and a test compares them with this page. The page
\`/flows\` of the app runs both in your own browser, and shows what it observed.

## Bearer

Each request with an \`Authorization\` header or a JSON body is preflighted. Nothing travels by itself. The last
call has no preflight, because the browser remembers the answer for \`Access-Control-Max-Age\` seconds.

\`\`\`mermaid
${bearer}
\`\`\`

## Cookie

The browser stores and sends the cookies, because the page asks with \`credentials: 'include'\` and the API answers
with \`Access-Control-Allow-Credentials\`. A GET without further headers needs no preflight. \`signet_device\` is the
[device cookie](glossary.md#rate-limits-and-errors). From a page of another site
[some browsers keep no cookie](origins-and-cookies.md#cookies-of-another-site-by-engine).

\`\`\`mermaid
${cookie}
\`\`\`
`;
}
