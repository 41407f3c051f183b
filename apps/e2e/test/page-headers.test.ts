import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pageHeaders } from '@signet/contracts';
import { freePorts, runNode, waitForOutput } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';
import { startNginx } from './start-nginx.ts';
import { collectComplaints, signIn, startBrowser } from './start-stack.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

type Ports = { readonly webPort: number; readonly apiPort: number };
type Site = { readonly url: string; readonly ports: Ports; stop(): Promise<unknown> };

async function takePorts(): Promise<Ports> {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  return { webPort, apiPort };
}

/** nginx with the deployment's configuration; no API listens behind it. */
async function serveByNginx(): Promise<Site> {
  const ports = await takePorts();
  const env = { API_URL: `http://{hostname}:${ports.apiPort}` };
  const { webUrl, stop } = await startNginx({ ...ports, apiServers: '127.0.0.1:9', env });
  return { url: webUrl, ports, stop };
}

/** What `npm start` runs for the app. */
async function serveByPreview(ports: Ports): Promise<Site> {
  const env = { WEB_PORT: `${ports.webPort}`, PORT: `${ports.apiPort}` };
  const preview = runNode([vite, 'preview', web, '--config', `${web}/vite.config.ts`], env);
  await waitForOutput(preview, /Local:/);
  return { url: `http://localhost:${ports.webPort}`, ports, stop: () => preview.end('SIGTERM') };
}

const [asset = ''] = readdirSync(`${web}/dist/assets`);

describe.each([
  ['nginx', serveByNginx],
  ['npm start', async () => serveByPreview(await takePorts())],
])('%s', (_name, serve) => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.stop());

  test.each(['/', '/index.html', '/users/7', `/assets/${asset}`, '/config.json', '/favicon.svg'])(
    'sends the headers of policy/page-headers.ts with %s, on both names of this machine',
    async (path) => {
      for (const name of ['localhost', '127.0.0.1']) {
        const answer = await fetch(site.url.replace('localhost', name) + path);
        expect(answer.status).toBe(200);
        const expected = Object.entries(pageHeaders(`http://${name}:${site.ports.apiPort}`));
        expect(expected.map(([header]) => [header, answer.headers.get(header)])).toEqual(expected);
      }
    },
  );

  test('lets no browser guess the type of its answer for a file that does not exist', async () => {
    const answer = await fetch(`${site.url}/gone.js`);
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([404, 'nosniff']);
  });
});

test('Under npm start both flows work in a browser, and the page does nothing that its policy forbids', async () => {
  const ports = await takePorts();
  const origin = `http://localhost:${ports.webPort}`;
  const api = await startApi({ env: { WEB_ORIGINS: origin, PORT: `${ports.apiPort}` } });
  onTestFinished(api.stop);
  const site = await serveByPreview(ports);
  onTestFinished(async () => void (await site.stop()));
  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  for (const carrier of ['bearer', 'cookie'] as const) {
    const context = await browser.newContext();
    const complaints = collectComplaints(context);
    const page = await context.newPage();
    await page.goto(site.url);
    await signIn(page, carrier);
    await page.getByRole('link', { name: 'Feed' }).first().click();
    await page.getByRole('img').first().waitFor();
    expect(complaints).toEqual([]);
  }
});
