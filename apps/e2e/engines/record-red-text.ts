import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Breakage, createBrokenProxy, faults } from '@signet/rig';
import puppeteer, { type Page } from 'puppeteer-core';
import { startApi } from '../test/start-api.ts';
import { programOf } from './engine.ts';

/**
 * Records what the console of Firefox says for each fault of the lab, into a fixture of packages/doctor. Run it with tsx
 * after a build, when Firefox has new words.
 */
const fixture = fileURLToPath(
  new URL('../../../packages/doctor/test/firefox-red-text.json', import.meta.url),
);

/** What the app calls: a read, a sign-in with a cookie, a call with a token, a sign-out. */
const calls = [
  ['/protected', {}],
  [
    '/api/users/authenticate',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uid: 'niko', password: '123niko' }),
    },
  ],
  ['/api/posts/999999', { method: 'DELETE', headers: { authorization: 'Bearer none' } }],
  ['/api/sessions/current', { method: 'DELETE' }],
] as const;

let broken: Breakage = {};
const site = await listen(
  createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
  }),
);
const api = await startApi({ env: { WEB_ORIGINS: `http://localhost:${site}` } });
const proxy = await listen(createBrokenProxy([`http://127.0.0.1:${api.port}`], () => broken));
const firefox = await puppeteer.launch({
  browser: 'firefox',
  executablePath: programOf('firefox'),
  headless: true,
});
const recorded: { verdict: string; text: string }[] = [];
try {
  for (const fault of faults) {
    broken = fault.broken;
    const page = await firefox.newPage();
    const texts = listenTo(page);
    await page.goto(`http://localhost:${site}`);
    await callAll(page, `http://localhost:${proxy}`);
    await page.close();
    for (const text of new Set(texts.map(inGeneral))) recorded.push({ verdict: fault.verdict, text });
  }
} finally {
  await firefox.close();
  await api.stop();
}
writeFileSync(fixture, `${JSON.stringify(recorded, null, 2)}\n`);
process.exit();

function listenTo(page: Page): string[] {
  const texts: string[] = [];
  page.on('console', (message) => texts.push(message.text()));
  // Firefox reports its CORS errors as errors of the page.
  page.on('pageerror', (error) => texts.push(error instanceof Error ? error.message : String(error)));
  return texts;
}

/** Without the ports of this run and the path of the call. */
function inGeneral(text: string): string {
  return text
    .replaceAll(`:${proxy}`, ':8086')
    .replaceAll(`:${site}`, ':4100')
    .replace(/(8086)\/[\w/-]+/g, '$1/');
}

async function callAll(page: Page, url: string): Promise<void> {
  for (const [path, options] of calls)
    await page.evaluate(
      (address, given) =>
        fetch(address, { cache: 'no-store', credentials: 'include', ...given }).then(
          () => undefined,
          () => undefined,
        ),
      url + path,
      options,
    );
  // The console comes after the answer.
  await delay(300);
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
