import { fileURLToPath } from 'node:url';
import { freePorts, runNode, waitForOutput } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNginx } from './start-nginx.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

type Site = { readonly url: string; stop(): Promise<unknown> };

/** nginx with the deployment's configuration; no API listens behind it. */
async function serveByNginx(): Promise<Site> {
  const [webPort = 0, apiPort = 0, nobody = 0] = await freePorts(3);
  const { webUrl, stop } = await startNginx({ webPort, apiPort, apiServers: `127.0.0.1:${nobody}` });
  return { url: webUrl, stop };
}

/** What `npm start` runs for the app. */
async function serveByPreview(): Promise<Site> {
  const [port = 0] = await freePorts(1);
  const preview = runNode([vite, 'preview', web, '--config', `${web}/vite.config.ts`, '--port', `${port}`]);
  await waitForOutput(preview, /Local:/);
  return { url: `http://127.0.0.1:${port}`, stop: () => preview.end('SIGTERM') };
}

describe.each([
  ['nginx', serveByNginx],
  ['npm start', serveByPreview],
])('%s', (_name, serve) => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  }, 90_000);
  afterAll(() => site?.stop());

  test.each([
    '/sw.js',
    '/apple-touch-icon-precomposed.png',
    '/index.php',
    '/users/photo.JPG',
    '/robots.txt/nothing.txt',
    '/assets/gone-12345678.js',
    '/.env',
    '/users/.git/config',
  ])('answers 404 to a request for the missing file %s, and not with the page of the app', async (path) => {
    const answer = await fetch(site.url + path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).not.toContain('text/html');
  });

  test.each(['/', '/users', '/users?q=a.b', '/posts?after=/x.png', '/no-such-page', '/account/'])(
    'answers with the page of the app for the address %s',
    async (path) => {
      const answer = await fetch(site.url + path, { headers: { accept: 'text/html' } });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<div id="root">')]);
    },
  );

  test.each([
    ['/robots.txt', 'text/plain'],
    ['/favicon.ico', 'image/x-icon'],
    ['/favicon.svg', 'image/svg+xml'],
    ['/apple-touch-icon.png', 'image/png'],
    ['/icon-192.png', 'image/png'],
    ['/icon-512.png', 'image/png'],
    ['/icon-maskable-512.png', 'image/png'],
    ['/og-image.png', 'image/png'],
    ['/manifest.json', 'application/json'],
  ])('serves the file %s as %s', async (path, mediaType) => {
    const answer = await fetch(site.url + path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining(mediaType),
    ]);
  });

  test('leads a password manager to the page on which the password is changed', async () => {
    const answer = await fetch(`${site.url}/.well-known/change-password`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/account']);
  });
});
