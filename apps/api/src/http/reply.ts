import type { Endpoint, Page } from '@signet/contracts';
import type { Request, Response } from 'express';
import type { Reply } from './call.ts';
import { setQuota } from './error-handler.ts';

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
 * password hash, say) from leaving: an answer that breaks the schema rejects with a ZodError, which becomes a
 * 500.
 */
export async function send(
  request: Request,
  response: Response,
  endpoint: Endpoint,
  answer: unknown,
): Promise<void> {
  if (response.statusCode === 304) return void response.end();
  response.status(endpoint.status);
  if (answer instanceof Blob)
    return void response.type(answer.type).send(Buffer.from(await answer.arrayBuffer()));
  if (endpoint.text) return void response.type(endpoint.text).send(answer);
  if (!endpoint.response) return void response.end();
  if (!endpoint.paged) return void response.json(endpoint.response.parse(answer));
  const { items, next } = answer as Page<unknown>;
  if (next !== undefined) response.setHeader('Link', `<${nextUrl(request, next)}>; rel="next"`);
  response.json(endpoint.response.parse(items));
}

/**
 * RFC 9110, section 13.1.2. Express's `fresh` also reads the request's Cache-Control, which `fetch` adds by
 * itself.
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
