import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connect, Plugin } from 'vite';
import { isFromOwnPage } from './own-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['--import', 'tsx', fileURLToPath(new URL('../api/src/cli.ts', import.meta.url))];
const built = fileURLToPath(new URL('../api/dist/cli.js', import.meta.url));

/** So long the command may take; its own time limits are shorter. */
const patienceMs = 60_000;

/** Pages under many names would start as many processes (every name below `localhost` is this machine). */
const mostAtOnce = 2;

/**
 * Lets the page of the doctor have the command look for it, while the page itself cannot reach the API: the
 * command runs in the server of the page, on the page's own origin.
 *
 * The caller chooses nothing: the API is the one of this server's config.json, or the proxy of the fault lab before it;
 * the origin is the page's own. Both are on this machine, one examination of a page runs at a time and two in all, and only
 * a page of this server can ask for it.
 */
export function sideDoor(): Plugin {
  return {
    name: 'side-door',
    configureServer: ({ middlewares }) => void middlewares.use(answerWith(sources)),
    configurePreviewServer({ middlewares }) {
      if (existsSync(built)) middlewares.use(answerWith([built]));
    },
  };
}

function answerWith(command: readonly string[]): Connect.NextHandleFunction {
  // By the origin of the page and the API: a request that comes while one runs gets its answer.
  const running = new Map<string, Promise<string>>();
  return (request, response, next) => {
    const port = request.method === 'GET' ? examinedPort(request.url) : undefined;
    if (port === undefined) return next();
    if (!isFromOwnPage(request)) return void response.writeHead(403).end();
    const page = new URL(`http://${request.headers.host}`);
    const api = `http://${page.hostname}:${port}`;
    const key = `${page.origin} ${api}`;
    const current = running.get(key);
    if (!current && running.size >= mostAtOnce) {
      response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '5' });
      return void response.end(`The doctor examines ${mostAtOnce} pages already. Try again in a moment.`);
    }
    const facts =
      current ??
      examine([...command, 'doctor', '--facts', '--api', api, '--origin', page.origin]).finally(() =>
        running.delete(key),
      );
    running.set(key, facts);
    void facts.then((text) => {
      response.writeHead(text === '' ? 503 : 200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
      });
      response.end(text);
    });
  };
}

/** The port of the API that an address asks about; undefined for every other address. */
function examinedPort(url: string | undefined): string | undefined {
  if (url === '/doctor/facts') return process.env.PORT || '8086';
  return url === '/doctor/facts?through=lab' ? process.env.LAB_FAULT_PORT : undefined;
}

/** What the command has seen, as JSON; an empty text if it could not look. The page judges it. */
function examine(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, timeout: patienceMs }, (_error, stdout) => resolve(stdout));
  });
}
