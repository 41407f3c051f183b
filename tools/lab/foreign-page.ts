import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';

const script = readFileSync(new URL('foreign-page-script.js', import.meta.url), 'utf8');

type ForeignPageOptions = {
  readonly apiPort: string;
  /** Origins of the app, whose page /lab shows this page in a frame and gives it orders. */
  readonly pages: readonly string[];
};

/**
 * A page of another origin, as an attacker would have one. On `localhost` it is of the same site as the app on
 * `localhost`, and on `127.0.0.1` of another: one server is both twins.
 */
export function createForeignPage({ apiPort, pages }: ForeignPageOptions): RequestListener {
  const apis = ['localhost', '127.0.0.1'].map((name) => `http://${name}:${apiPort}`);
  const headers = {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      `connect-src ${apis.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${pages.join(' ')}`,
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': [
      'text/html; charset=utf-8',
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>A foreign page</title>' +
        `<script src="/script.js" data-api-port="${apiPort}" data-pages="${pages.join(' ')}" defer></script>`,
    ],
    '/script.js': ['text/javascript; charset=utf-8', script],
  };
  return ({ url = '', method }, response) => {
    const [type, text] = (method === 'GET' && files[url]) || [];
    if (type === undefined) return void response.writeHead(404, headers).end();
    response.writeHead(200, { ...headers, 'Content-Type': type }).end(text);
  };
}
