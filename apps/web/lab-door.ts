import { request as requestHttp } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { isFromOwnPage } from './own-page.ts';

const doors: Readonly<Record<string, string>> = {
  '/lab/setup': 'GET',
  '/lab/fault': 'PUT',
  '/lab/token': 'POST',
};

/**
 * Leads the page /lab to the control of the lab, which `npm run dev` and `npm start` run on one's own machine. Elsewhere,
 * and for every other caller, its addresses do not exist.
 */
export function labDoor(): Plugin {
  return {
    name: 'lab-door',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  };
}

const answer: Connect.NextHandleFunction = (request, response, next) => {
  const { url = '', method } = request;
  const expected = doors[url];
  if (expected === undefined) return next();
  const { LAB_CONTROL_PORT: port, LAB_KEY: key } = process.env;
  // What changes something needs a browser's word that the app's own page asks: a link from elsewhere has none.
  const hasWord = expected === 'GET' || request.headers['sec-fetch-site'] === 'same-origin';
  if (!port || !key || method !== expected || !hasWord || !isFromOwnPage(request))
    return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no lab here.');
  const control = requestHttp(
    { host: '127.0.0.1', port, method, path: url.replace('/lab', ''), headers: { 'X-Lab-Key': key } },
    (given) => {
      response.writeHead(given.statusCode ?? 502, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
      });
      given.pipe(response);
    },
  );
  control.on('error', () => response.writeHead(503).end());
  request.pipe(control);
};
