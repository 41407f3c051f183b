import type { Endpoint, Page } from '@signet/contracts';
import type { Request, Response } from 'express';
import type { Pages, Reply, StoredBytes } from './call.ts';
import { sendCsv } from './csv.ts';
import { setQuota } from './error-handler.ts';
import { sendEvents } from './events.ts';
import { addHeader } from './head.ts';

/** Waits until there is room for so many bytes. */
type Hold = (bytes: number) => Promise<void>;

/** What a handler may set beside its answer. */
export function replyOn(request: Request, response: Response): Reply {
  return {
    setCookie: (header) => void response.append('Set-Cookie', header),
    location: (path) => void response.setHeader('Location', path),
    quota: (quota) => setQuota(response, quota),
    cacheControl: (value) => void response.setHeader('Cache-Control', value),
    etag: (tag) => {
      response.setHeader('ETag', `"${tag}"`);
      const isCurrent = matchesAny(request.headers['if-none-match'], `"${tag}"`);
      if (isCurrent) response.status(304);
      return isCurrent;
    },
    contentPolicy: (policy) => void response.setHeader('Content-Security-Policy', policy),
    inertFile: (name) => {
      response.setHeader('Content-Disposition', `inline; filename="${name}"`);
      response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    },
  };
}

/**
 * Sends what a handler answered, as the endpoint describes it.
 *
 * JSON is parsed by the endpoint's schema first. That keeps a column that the contract does not name (a
 * password hash, say) from leaving: an answer that breaks the schema throws a ZodError, which becomes a 500.
 * Returns a promise where something has to be waited for.
 */
export function send(
  request: Request,
  response: Response,
  { status, answer }: Endpoint,
  value: unknown,
  { ended, hold }: { ended: AbortSignal; hold: Hold },
): Promise<void> | undefined {
  if (response.statusCode === 304) return void response.end();
  response.status(status);
  switch (answer.kind) {
    case 'json':
      return sendJson(response, answer.schema.parse(value), hold);
    case 'page': {
      const { next, ...page } = value as Page<unknown> | Pages<unknown>;
      if (next !== undefined) response.setHeader('Link', `<${nextUrl(request, next)}>; rel="next"`);
      // A cache that has one form must not answer with it to who asks for the other.
      if (answer.csv) response.vary('Accept');
      if ('pages' in page) return sendCsv(request, response, answer, page.pages);
      const parsed = page.items.map((item) => answer.item.parse(item));
      // `mount` has held the most that a page can have.
      return sendJson(response, parsed);
    }
    case 'text':
      return sendText(response, `${answer.mediaType}; charset=utf-8`, value as string, hold);
    case 'bytes':
      return sendBytes(response, value as StoredBytes, hold);
    case 'events':
      return sendEvents(request, response, {
        schema: answer.event,
        id: answer.id,
        events: value as AsyncIterable<unknown>,
        ended,
      });
    case 'none':
      return void response.end();
    case 'csv':
      throw new TypeError('A row has its list as a page, and its columns in `csv`');
    default:
      return answer satisfies never;
  }
}

/**
 * Waits for room only where the answer is large: the text is in memory already, and most answers are small.
 */
function sendJson(response: Response, value: unknown, hold?: Hold): Promise<void> | undefined {
  const text = JSON.stringify(value);
  if (hold && text.length > 4096)
    return hold(Buffer.byteLength(text)).then(() => endWithJson(response, text));
  endWithJson(response, text);
}

function endWithJson(response: Response, text: string): void {
  addHeader(response, 'Content-Type', 'application/json; charset=utf-8');
  addHeader(response, 'Content-Length', String(Buffer.byteLength(text)));
  // Node leaves the text out for HEAD. Express's `send` would look for a validator first.
  response.end(text);
}

async function sendText(response: Response, mediaType: string, text: string, hold: Hold): Promise<void> {
  await hold(Buffer.byteLength(text));
  response.type(mediaType).send(text);
}

async function sendBytes(
  response: Response,
  { mediaType, size, read }: StoredBytes,
  hold: Hold,
): Promise<void> {
  await hold(size);
  // Nothing is read for a caller who has left while waiting.
  if (response.closed) return;
  response.type(mediaType).send(await read());
}

/**
 * RFC 9110, section 13.1.2. Express's `fresh` also reads the request's Cache-Control, which `fetch` adds
 * by itself.
 */
function matchesAny(ifNoneMatch = '', etag: string): boolean {
  return ifNoneMatch.split(',').some((each) => ['*', etag, `W/${etag}`].includes(each.trim()));
}

/**
 * A relative reference (RFC 8288, section 3.1), because the API does not know under which name it was called.
 */
function nextUrl(request: Request, next: string): string {
  const url = new URL(request.originalUrl, 'http://relative.invalid');
  url.searchParams.set('after', next);
  return `${url.pathname}${url.search}`;
}
