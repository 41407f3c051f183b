import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@signet/rig';
import { build } from 'vite';
import { startApi } from '../start-api.ts';
import { startServer } from '../start-stack.ts';
import type { Targets } from './generate.ts';

/** The API, a page of an origin that it lists, and servers that redirect to the API. */
export async function startServers() {
  const script = await bundle('page.ts');
  let apiUrl = '';
  const web = await startServer((request, response) => servePage(request, response, { script, apiUrl }));
  const redirector = await startServer(redirectTo(() => apiUrl));
  const page = `http://localhost:${web.port}`;
  const api = await startApi({ env: { WEB_ORIGINS: page } });
  apiUrl = api.url;
  const [nowhere] = await freePorts(1);
  return {
    targets: {
      api: apiUrl,
      otherName: `http://127.0.0.1:${api.port}`,
      page,
      redirector: `http://localhost:${redirector.port}`,
      nowhere: `http://localhost:${nowhere}`,
    } satisfies Targets,
    stop: () => Promise.all([web.stop(), redirector.stop(), api.stop()]),
  };
}

async function bundle(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const chunk = [built].flat().flatMap((each) => ('output' in each ? each.output : []))[0];
  if (chunk?.type !== 'chunk') throw new Error(`vite made no script of ${file}`);
  return chunk.code;
}

function servePage(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  { script, apiUrl }: { script: string; apiUrl: string },
): void {
  if (url.startsWith('/to-api')) {
    response.writeHead(307, { location: apiUrl + url.slice('/to-api'.length) }).end();
  } else if (url === '/page.js') {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  } else {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>Calls</title><script type="module" src="/page.js"></script>');
  }
}

/** Grants a page everything that it asks for, and redirects each request. */
function redirectTo(target: () => string): RequestListener {
  return ({ headers, method, url }, response) => {
    const asked = headers['access-control-request-method'];
    const granted = {
      'access-control-allow-origin': headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': asked ?? '*',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    };
    if (method === 'OPTIONS' && asked !== undefined) response.writeHead(204, granted).end();
    else response.writeHead(307, { ...granted, location: target() + url }).end();
  };
}
