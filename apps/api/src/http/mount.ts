import { isIP } from 'node:net';
import { type Endpoint, type EndpointKey, endpoints, type Page } from '@signet/contracts';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { createBodyReader } from './body.ts';
import type { Call, Handler, Handlers, Principal, Reply, RequestSource } from './call.ts';
import { setQuota } from './error-handler.ts';
import { refuseHostile } from './json.ts';

type Gate = {
  readonly guardOrigin: (request: Request, guarded: boolean) => void;
  /** Resolves to whoever the request's token stands for, or throws one of the 401 problems. */
  readonly authenticate: (request: Request) => Promise<Principal>;
  /** Told of those who were turned away at the gate. */
  readonly onRefusal: (
    event: 'origin_refused' | 'role_refused',
    from: RequestSource,
    principal?: Principal,
  ) => Promise<void>;
};

/** Mounts every endpoint of the table with its handler, and answers for known paths with other methods. */
export function mount(app: Express, handlers: Handlers, gate: Gate): void {
  const readBody = createBodyReader();
  for (const [path, keys] of byPath()) {
    const methods = keys.map((key) => endpoints[key].method);
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
    const route = app.route(path);
    for (const key of keys) {
      const method = endpoints[key].method.toLowerCase() as Lowercase<Endpoint['method']>;
      route[method](serve(endpoints[key], handlers[key] as Handler<Endpoint>, gate, readBody));
    }
    route.options((_request, response) => void response.status(204).set('Allow', allow.join(', ')).end());
    route.all((request) => {
      throw new AppError('method_not_allowed', `${request.method} is not possible here`, { allow });
    });
  }
}

/** The table by path. Paths without parameters come first, so that `/users/me` is not taken for an id. */
function byPath(): [string, EndpointKey[]][] {
  const paths = new Map<string, EndpointKey[]>();
  for (const key of Object.keys(endpoints) as EndpointKey[]) {
    const { path } = endpoints[key];
    paths.set(path, [...(paths.get(path) ?? []), key]);
  }
  return [...paths].sort(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
}

function serve(
  endpoint: Endpoint,
  handler: Handler<Endpoint>,
  gate: Gate,
  readBody: ReturnType<typeof createBodyReader>,
): RequestHandler {
  return async (request, response) => {
    // Whatever an answer says may be about somebody, so no cache keeps it unless the handler says otherwise.
    response.setHeader('Cache-Control', 'no-store');
    const from = sourceOf(request);
    const principal = await admit(request, endpoint, gate, from);
    const params = parse(endpoint.params, request.params);
    const query = parse(endpoint.query, request.query);
    const { members, image } = endpoint.body ? await readBody(request, response, endpoint) : {};
    const call = {
      params,
      query,
      body: parse(endpoint.body, members),
      image,
      principal,
      from,
      headers: request.headers,
      cookies: request.cookies,
    } as Call<Endpoint>;
    await send(request, response, endpoint, await handler(call, replyOn(request, response)));
  };
}

async function admit(
  request: Request,
  { guarded, access }: Endpoint,
  gate: Gate,
  from: RequestSource,
): Promise<Principal | undefined> {
  try {
    gate.guardOrigin(request, guarded ?? false);
  } catch (refusal) {
    await gate.onRefusal('origin_refused', from);
    throw refusal;
  }
  if (access === 'anyone') return undefined;
  const principal = await gate.authenticate(request);
  if (access === 'admin' && principal.role !== 'admin') {
    await gate.onRefusal('role_refused', from, principal);
    throw new AppError('forbidden', 'Only an admin may do this');
  }
  return principal;
}

function sourceOf(request: Request): RequestSource {
  return {
    ip: addressIn(request.ip) ?? addressIn(request.socket.remoteAddress) ?? null,
    user_agent: request.headers['user-agent']?.slice(0, 255) ?? null,
    request_id: String(request.id),
  };
}

/** What a proxy wrote may be anything. A zone (`%eth0`) tells nothing outside the machine, and has no bound. */
function addressIn(text = ''): string | undefined {
  const [address = ''] = text.split('%', 1);
  return isIP(address) ? address : undefined;
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  refuseHostile(value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError('invalid_request', issues[0]?.message ?? 'The request breaks a rule', { issues });
}

function replyOn(request: Request, response: Response): Reply {
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

/** RFC 9110, section 13.1.2. Express's own `fresh` also asks for the request's Cache-Control, which `fetch` adds by itself. */
function matchesAny(ifNoneMatch = '', etag: string): boolean {
  return ifNoneMatch.split(',').some((each) => ['*', etag, `W/${etag}`].includes(each.trim()));
}

async function send(
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
  // Parsing is what keeps a column that the contract does not name (a password hash, say) from leaving.
  response.json(endpoint.response.parse(items));
}

/** A relative reference (RFC 8288, section 3.1): the API need not know by which name it was called. */
function nextUrl(request: Request, next: string): string {
  const url = new URL(request.originalUrl, 'http://relative.invalid');
  url.searchParams.set('after', next);
  return `${url.pathname}${url.search}`;
}
