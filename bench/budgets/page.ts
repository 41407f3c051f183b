import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { findChromium } from '@signet/rig';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { paths } from '../../apps/web/src/pages/paths.ts';
import { startApi } from '../rig/api.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

const dist = fileURLToPath(new URL('../../apps/web/dist', import.meta.url));
const allowedBytes = 150_000;

/** Opens every page of the built app directly, signed in where it needs that, and adds up its script by gzip. */
export async function page(stage: Stage): Promise<Findings> {
  say('page: the script that each page loads when it is opened directly, in Chromium');
  let apiPort = 0;
  const files = sirv(dist, { single: true });
  const web = createServer((request, response) => {
    if (request.url !== '/config.json') return files(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ api_url: `http://{hostname}:${apiPort}` }));
  }).listen(0, '127.0.0.1');
  stage.onEnd(() => {
    web.closeAllConnections();
    web.close();
  });
  await once(web, 'listening');
  const address = web.address();
  const origin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
  const api = await startApi(stage, { env: { WEB_ORIGINS: origin } });
  apiPort = api.port;
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: npx tsx tools/install-test-tools.ts');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  stage.onEnd(() => browser.close());

  const signedIn = await browser.newContext();
  const first = await signedIn.newPage();
  await first.goto(`${origin}${paths.signIn}`);
  await first.getByRole('radio', { name: 'HttpOnly cookie' }).check();
  await first.getByLabel('User ID').fill('toby');
  await first.getByLabel('Password', { exact: true }).fill('123toby');
  await first.getByRole('button', { name: /^Sign in with/ }).click();
  await first
    .getByRole('main')
    .getByText(/^Signed in as/)
    .waitFor();
  const stranger = await browser.newContext();

  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const path of Object.values(paths)) {
    const forStrangers = path === paths.signIn || path === paths.signUp;
    const opened = await (forStrangers ? stranger : signedIn).newPage();
    const scripts: Promise<number>[] = [];
    opened.on('response', (response) => {
      if (/\.js(\?|$)/.test(response.url()))
        scripts.push(response.body().then((body) => gzipSync(body).length));
    });
    await opened.goto(`${origin}${path.replace(':id', '1')}`);
    // A dialog hides the heading of its page.
    await opened.getByRole('heading', { level: 1 }).or(opened.getByRole('dialog')).first().waitFor();
    // The exchange log keeps a stream open, so its network is never idle.
    await Promise.race([opened.waitForLoadState('networkidle'), delay(5000)]);
    const sizes = await Promise.all(scripts);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    claims.push(
      claim(bytes <= allowedBytes, `${path} loads ≤ 150 kB gzip of script: ${(bytes / 1000).toFixed(1)} kB`),
    );
    rows.push([path, String(sizes.length), String(bytes)]);
    await opened.close();
  }
  return { claims, tables: [table(['page', 'files', 'bytes by gzip'], rows)] };
}
