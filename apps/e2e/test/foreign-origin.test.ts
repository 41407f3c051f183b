import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Stack, signedInAs, signIn, startServer, startStack } from './start-stack.ts';

/** A page on an origin that `WEB_ORIGINS` does not list. */
const hostilePage =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>You have won</title><iframe name="sink"></iframe>';

let stack: Stack;
let hostilePort: number;
beforeAll(async () => {
  stack = await startStack();
  const hostile = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(hostilePage);
  });
  hostilePort = hostile.port;
  return async () => {
    await hostile.stop();
    await stack.stop();
  };
});

/** Everything that an attacker could want to change, read directly from the API with the victim's token. */
/** Refusals are recorded too, and are what these pages provoke. */
const refusal = /_refused$|^limit_reached$|^refusals_not_recorded$/;

async function readEverything(token: string) {
  const read = async (path: string) => {
    const response = await fetch(`${stack.apiUrl()}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status, path).toBe(200);
    return (await response.json()) as { id: unknown; event?: string }[];
  };
  const [users, posts, players, sessions] = await Promise.all(
    ['/api/users', '/api/posts', '/api/players', '/api/sessions'].map(read),
  );
  const live = sessions?.map(({ id }) => id);
  const events = (await read('/api/audit?limit=500'))
    .filter(({ event }) => !refusal.test(String(event)))
    .map(({ id }) => id);
  return { users, posts, players, sessions: live, events };
}

async function signInDirectly(): Promise<string> {
  const response = await fetch(`${stack.apiUrl()}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'toby', password: '123toby' }),
  });
  return ((await response.json()) as { token: string }).token;
}

type Attempt = {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
};

const json = 'application/json';
const newUser = JSON.stringify({
  name: 'Mallory',
  uid: 'mallory',
  password: 'a pass phrase of mine',
  role: 'admin',
});
const credentials = JSON.stringify({ uid: 'niko', password: '123niko' });
const boundary = 'multipart/form-data; boundary=b';
const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--b--\r\n`;

const reads: Attempt[] = [
  '/protected',
  '/api/users',
  '/api/users/me',
  '/api/users/2',
  '/api/sessions',
  '/api/posts',
  '/api/players',
  '/api/audit',
].map((path) => ({ method: 'GET', path }));

/**
 * Requests that a browser sends without a preflight (Fetch, section
 * 2.2.2: CORS-safelisted methods and types).
 */
const simpleWrites: Attempt[] = [
  '/api/users',
  '/api/users/signup',
  '/api/posts',
  '/api/players',
  '/api/sessions/refresh',
  '/token',
  '/api/users/authenticate',
].flatMap((path) => [
  { method: 'POST', path },
  {
    method: 'POST',
    path,
    type: 'text/plain',
    body: path === '/api/users/authenticate' ? credentials : newUser,
  },
  {
    method: 'POST',
    path,
    type: 'application/x-www-form-urlencoded',
    body: 'name=Mallory&uid=mallory&password=a+pass+phrase&note=owned',
  },
  { method: 'POST', path, type: boundary, body: part('note', 'owned') },
]);

const preflightedWrites: Attempt[] = [
  { method: 'POST', path: '/api/users', type: json, body: newUser },
  { method: 'POST', path: '/api/users/signup', type: json, body: newUser },
  { method: 'POST', path: '/api/users/authenticate', type: json, body: credentials },
  {
    method: 'POST',
    path: '/token',
    type: json,
    body: JSON.stringify({ username: 'niko', password: '123niko' }),
  },
  { method: 'POST', path: '/api/posts', type: json, body: JSON.stringify({ note: 'owned' }) },
  { method: 'POST', path: '/api/sessions/refresh', type: json, body: '{}' },
  { method: 'PATCH', path: '/api/users/2', type: json, body: JSON.stringify({ role: 'admin' }) },
  { method: 'PUT', path: '/api/users/2', type: json, body: JSON.stringify({ name: 'Mallory', uid: 'niko' }) },
  {
    method: 'PUT',
    path: '/api/users/me/password',
    type: json,
    body: JSON.stringify({ current_password: '123toby', new_password: 'owned by mallory' }),
  },
  { method: 'DELETE', path: '/api/users/2' },
  { method: 'DELETE', path: '/api/users/2/sessions' },
  { method: 'DELETE', path: '/api/posts/1' },
  { method: 'DELETE', path: '/api/players/1' },
  { method: 'DELETE', path: '/api/sessions' },
  { method: 'DELETE', path: '/api/sessions/current' },
];

// Cookies ignore ports: a page on another port of `localhost` sends the app's cookies, and only the API
// refuses it. A page on 127.0.0.1 is on another site and does not send them at all (SameSite=Lax).
const hostileHosts = ['localhost', '127.0.0.1'] as const;

describe.each(hostileHosts)('A hostile page on an unlisted origin of %s', (hostname) => {
  describe.each(['cookie', 'bearer'] as const)('while a user is signed in by %s', (carrier) => {
    let context: BrowserContext;
    let app: Page;
    let hostile: Page;
    let watcher: string;
    let before: { everything: Awaited<ReturnType<typeof readEverything>>; cookies: unknown; storage: string };
    const origin = () => `http://${hostname}:${hostilePort}`;
    const readBrowser = async () => ({
      cookies: await context.cookies(),
      storage: await app.evaluate(() => JSON.stringify(Object.entries(localStorage).sort())),
    });

    beforeAll(async () => {
      context = await stack.browser.newContext();
      app = await context.newPage();
      await app.goto(stack.webUrl());
      await signIn(app, carrier);
      // The app notes the role once the API has told it; that must not look like a change by the hostile page.
      await app.waitForFunction(() => localStorage.getItem('signet-role') !== null);
      watcher = await signInDirectly();
      hostile = await context.newPage();
      await hostile.goto(origin());
      before = { everything: await readEverything(watcher), ...(await readBrowser()) };
      return () => context.close();
    });

    /** Nothing has changed: in the API, in the browser, and for the signed-in user. */
    async function expectNothingHappened() {
      const accepted = stack.api
        .requests()
        .filter(
          (request) =>
            request.origin === origin() && !/GET|HEAD/.test(request.method) && request.status < 400,
        );
      expect(accepted).toEqual([]);
      expect(await readEverything(watcher)).toEqual(before.everything);
      expect(await readBrowser()).toEqual({ cookies: before.cookies, storage: before.storage });
      await app.reload();
      await signedInAs(app, /Thomas Edison/).waitFor();
    }

    test('A hostile page reads nothing and changes nothing with fetch', async () => {
      const outcomes = await hostile.evaluate(
        async ({ api, attempts }) => {
          const results: string[] = [];
          for (const { method, path, type, body } of attempts) {
            const init: RequestInit = { method, credentials: 'include' };
            if (type !== undefined) init.headers = { 'content-type': type };
            if (body !== undefined) init.body = body;
            const outcome = await fetch(api + path, init).then(
              (response) => `read ${response.status}`,
              (error: Error) => error.name,
            );
            results.push(`${method} ${path} ${type}: ${outcome}`);
          }
          return results;
        },
        { api: stack.apiUrl(), attempts: [...reads, ...simpleWrites, ...preflightedWrites] },
      );
      expect(outcomes).toHaveLength(reads.length + simpleWrites.length + preflightedWrites.length);
      expect(outcomes.filter((outcome) => !outcome.endsWith(': TypeError'))).toEqual([]);
      await expectNothingHappened();
    });

    test('A hostile page gets not even an opaque answer with no-cors fetch, and changes nothing', async () => {
      const outcomes = await hostile.evaluate(
        async ({ api, attempts }) => {
          const results: string[] = [];
          for (const { method, path, type, body } of attempts) {
            const init: RequestInit = { method, credentials: 'include', mode: 'no-cors' };
            if (type !== undefined) init.headers = { 'content-type': type };
            if (body !== undefined) init.body = body;
            results.push(
              await fetch(api + path, init).then(
                ({ type }) => `${method} ${path}: ${type}`,
                (error) => error.name,
              ),
            );
          }
          return [...new Set(results)];
        },
        { api: stack.apiUrl(), attempts: [...reads, ...simpleWrites] },
      );
      expect(outcomes).toEqual(['TypeError']);
      await expectNothingHappened();
    });

    test('A hostile page reads nothing and changes nothing with XMLHttpRequest', async () => {
      const outcomes = await hostile.evaluate(
        async ({ api, attempts }) => {
          const send = ({ method, path, type, body }: Attempt) =>
            new Promise<string>((resolve) => {
              const request = new XMLHttpRequest();
              request.open(method, api + path);
              request.withCredentials = true;
              if (type !== undefined) request.setRequestHeader('content-type', type);
              request.onloadend = () =>
                resolve(
                  `${request.status} ${request.responseText.length} ${request.getAllResponseHeaders().length}`,
                );
              request.send(body ?? null);
            });
          const results = new Set<string>();
          for (const attempt of attempts) results.add(await send(attempt));
          return [...results];
        },
        { api: stack.apiUrl(), attempts: [...reads, ...simpleWrites, ...preflightedWrites] },
      );
      expect(outcomes).toEqual(['0 0 0']);
      await expectNothingHappened();
    });

    test('A hostile page changes nothing with forms and beacons, and cannot read the frame that a form loads', async () => {
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
      const targets = [...new Set(simpleWrites.map(({ path }) => path))];
      const looks = await hostile.evaluate(
        async ({ api, types, targets, credentials }) => {
          const sink = document.querySelector('iframe');
          if (!sink) throw new Error('no frame');
          const results = new Set<string>();
          for (const path of targets) {
            for (const enctype of types) {
              const form = document.createElement('form');
              Object.assign(form, { method: 'post', action: api + path, enctype, target: 'sink' });
              const add = (name: string, value: string) => {
                const field = document.createElement('input');
                Object.assign(field, { type: 'hidden', name, value });
                form.append(field);
              };
              // Sent as text/plain, the form becomes one line of JSON; the
              // form's `=` is in a member of its own.
              if (enctype === 'text/plain') add(`${credentials.slice(0, -1)},"x":"`, '"}');
              for (const name of ['note', 'name', 'uid', 'password', 'refresh_token'])
                add(name, 'mallory-was-here');
              document.body.append(form);
              const loaded = new Promise((resolve) => sink.addEventListener('load', resolve, { once: true }));
              form.submit();
              await loaded;
              results.add(String(sink.contentDocument));
            }
            navigator.sendBeacon(api + path, new Blob([credentials], { type: 'text/plain' }));
          }
          return [...results];
        },
        { api: stack.apiUrl(), types, targets, credentials },
      );
      expect(looks).toEqual(['null']);
      const posts = () =>
        stack.api.requests().filter((request) => request.origin === origin() && request.method === 'POST');
      await expect.poll(() => posts().length).toBeGreaterThanOrEqual(targets.length * (types.length + 1));
      await expectNothingHappened();
    });

    test('A hostile page learns nothing from images and scripts that load the API, and changes nothing', async () => {
      const outcomes = await hostile.evaluate(
        async ({ api, paths }) => {
          const load = (element: HTMLElement & { src: string }, path: string) =>
            new Promise<string>((resolve) => {
              element.onload = () => resolve('loaded');
              element.onerror = () => resolve('error');
              element.src = api + path;
              document.body.append(element);
            });
          const results: string[] = [];
          for (const path of paths) {
            const image = document.createElement('img');
            results.push(`img ${await load(image, path)}`);
            // JSON that is loaded as a script must not run, and its error must not reveal the content.
            const script = document.createElement('script');
            results.push(`script ${await load(script, path)}`);
          }
          return [...new Set(results)];
        },
        { api: stack.apiUrl(), paths: reads.map(({ path }) => path) },
      );
      expect(outcomes).toEqual(['img error', 'script error']);
      await expectNothingHappened();
    });

    test('A hostile page cannot show a post image, nor learn from it that the user is signed in', async () => {
      const outcomes = await hostile.evaluate(
        async ({ api, ids }) => {
          const look = (id: unknown, crossOrigin: string | null) =>
            new Promise<string>((resolve) => {
              const image = document.createElement('img');
              image.crossOrigin = crossOrigin;
              image.onerror = () => resolve('error');
              image.onload = () => {
                const canvas = document.createElement('canvas').getContext('2d');
                canvas?.drawImage(image, 0, 0);
                try {
                  resolve(`read ${canvas?.getImageData(0, 0, 1, 1).data.length}`);
                } catch (error) {
                  resolve((error as Error).name);
                }
              };
              image.src = `${api}/api/posts/${id}/image`;
            });
          const results: string[] = [];
          for (const id of ids) results.push(await look(id, null), await look(id, 'use-credentials'));
          return results;
        },
        { api: stack.apiUrl(), ids: before.everything.posts?.map(({ id }) => id) ?? [] },
      );
      expect(outcomes.length).toBeGreaterThan(0);
      expect(new Set(outcomes)).toEqual(new Set(['error']));
      await expectNothingHappened();
    });

    test('A hostile page reads neither the storage nor the window of the app', async () => {
      expect(await hostile.evaluate(() => localStorage.getItem('jwt-token'))).toBeNull();
      expect(await hostile.evaluate(() => document.cookie)).toBe('');
      const opened = hostile.waitForEvent('popup');
      const looked = await hostile.evaluate(async (url) => {
        const popup = window.open(url);
        if (!popup) throw new Error('no window');
        for (let attempt = 0; attempt < 1000; attempt += 1) {
          try {
            // The popup has the hostile page's own origin until it leaves about:blank.
            if (popup.document.URL !== 'about:blank')
              return popup.localStorage.getItem('jwt-token') ?? 'nothing there';
          } catch (error) {
            return (error as Error).name;
          }
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return 'never loaded';
      }, stack.webUrl());
      expect(looked).toBe('SecurityError');
      await (await opened).close();
      await expectNothingHappened();
    });
  });
});

test('The API answers the same requests when they come from a listed origin', async () => {
  const context = await stack.browser.newContext();
  const page = await context.newPage();
  await page.goto(stack.webUrl());
  await signIn(page, 'cookie');
  const statuses = await page.evaluate(
    async ({ api, attempts }) => {
      const results: number[] = [];
      for (const { method, path } of attempts)
        results.push((await fetch(api + path, { method, credentials: 'include' })).status);
      return results;
    },
    {
      api: stack.apiUrl(),
      attempts: [
        ...reads,
        { method: 'POST', path: '/api/sessions/refresh' },
        { method: 'DELETE', path: '/api/sessions/current' },
      ],
    },
  );
  expect(statuses).toEqual([...reads.map(() => 200), 200, 204]);
  await context.close();
});
