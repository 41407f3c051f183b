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
 * The caller chooses no target: the API is the one of this server's config.json, or the proxy of the fault lab before it,
 * on this machine. It may choose the origin that the requests name, which is the page's own otherwise. One examination of
 * an origin runs at a time and two in all, and only a page of this server can ask for it.
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
    const asked = request.method === 'GET' ? readQuestion(request.url) : undefined;
    if (!asked?.port) return next();
    if (!isFromOwnPage(request)) return void response.writeHead(403).end();
    const page = new URL(`http://${request.headers.host}`);
    const origin = asked.origin ?? page.origin;
    // A command's argument, so it is an origin as browsers write it, and nothing else.
    if (!isOrigin(origin)) return void response.writeHead(400).end();
    const api = `http://${page.hostname}:${asked.port}`;
    const key = `${origin} ${api}`;
    const current = running.get(key);
    if (!current && running.size >= mostAtOnce) {
      response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '5' });
      return void response.end(`The doctor examines ${mostAtOnce} pages already. Try again in a moment.`);
    }
    const facts =
      current ??
      examine([...command, 'doctor', '--facts', '--api', api, '--origin', origin]).finally(() =>
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

/** Which port of the API an address asks about, and the origin if it names one; undefined for every other address. */
function readQuestion(url = ''): { port: string | undefined; origin: string | undefined } | undefined {
  const [path, query] = url.split('?', 2);
  if (path !== '/doctor/facts') return undefined;
  const asked = new URLSearchParams(query);
  const port = asked.get('through') === 'lab' ? process.env.LAB_FAULT_PORT : process.env.PORT || '8086';
  return { port, origin: asked.get('origin') ?? undefined };
}

/** RFC 6454, section 6.2, with a scheme that pages have. The longest host has 253 characters. */
function isOrigin(text: string): boolean {
  return text.length <= 300 && /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** What the command has seen, as JSON; an empty text if it could not look. The page judges it. */
function examine(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, timeout: patienceMs }, (_error, stdout) => resolve(stdout));
  });
}
