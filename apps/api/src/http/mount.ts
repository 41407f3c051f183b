import { compareTemplates, type Endpoint } from '@signet/contracts';
import type { Express, RequestHandler } from 'express';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { isPending } from '../pending.ts';
import { admit, type Gate, readmit } from './admit.ts';
import { type Body, type BodyReader, createBodyReader, hasBody } from './body.ts';
import type { Call, Handler, HandlersOf } from './call.ts';
import { isCsvWanted } from './csv.ts';
import { setQuota } from './error-handler.ts';
import { endOf } from './events.ts';
import { addHeader } from './head.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { refuseHostile } from './json.ts';
import { maxPageBytes } from './page.ts';
import { replyOn, send } from './reply.ts';
import { sourceOf } from './request-source.ts';

type Table = Readonly<Record<string, Endpoint>>;
type Row = { readonly endpoint: Endpoint; readonly handler: Handler<Endpoint> };

/**
 * Mounts every endpoint of the table with its handler, and refuses every other method on the table's paths.
 */
export function mount<T extends Table>(app: Express, table: T, handlers: HandlersOf<T>, gate: Gate): void {
  const readBody = createBodyReader();
  const inFlight = createInFlight();
  // `listen` has the app emit this when its server drains. An emitter would warn of more than ten streams
  // at once.
  const draining = new AbortController();
  app.once('draining', () => draining.abort());
  for (const [path, rows] of byPath(table, handlers, gate.isOwnMachine)) {
    const methods = rows.map(({ endpoint }) => endpoint.method);
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
    const route = app.route(path);
    for (const row of rows) {
      const method = row.endpoint.method.toLowerCase() as Lowercase<Endpoint['method']>;
      route[method](serve(row, gate, { readBody, inFlight, draining: draining.signal }));
    }
    route.options((_request, response) => void response.status(204).set('Allow', allow.join(', ')).end());
    route.all((request) => {
      throw new AppError('method_not_allowed', `${request.method} is not possible here`, { allow });
    });
  }
}

/**
 * The rows of each path that this API has, in the order in which Express must try them: `/users/me` is not
 * read as an id.
 */
function byPath<T extends Table>(
  table: T,
  handlers: HandlersOf<T>,
  isOwnMachine: boolean,
): [string, Row[]][] {
  const paths = new Map<string, Row[]>();
  for (const [key, endpoint] of Object.entries<Endpoint>(table)) {
    if (endpoint.ownMachine && !isOwnMachine) continue;
    const rows = paths.get(endpoint.path) ?? [];
    paths.set(endpoint.path, [...rows, { endpoint, handler: handlers[key] as Handler<Endpoint> }]);
  }
  return [...paths].sort(([a], [b]) => compareTemplates(a, b));
}

function serve(
  { endpoint, handler }: Row,
  gate: Gate,
  { readBody, inFlight, draining }: { readBody: BodyReader; inFlight: InFlight; draining: AbortSignal },
): RequestHandler {
  return async (request, response) => {
    // An answer may be about a user, so no cache may keep it unless the handler says otherwise.
    addHeader(response, 'Cache-Control', 'no-store');
    const from = sourceOf(request);
    const admitting = admit(request, endpoint, gate);
    const admitted = isPending(admitting) ? await admitting : admitting;
    const growing = gate.admitGrowth(endpoint, admitted, Number(request.headers['content-length'] ?? 0));
    const quota = growing && (await growing);
    if (quota) setQuota(response, quota);
    const params = parse(endpoint.params, request.params);
    // Express parses the query whenever this member is read.
    const query = endpoint.query && parse(endpoint.query, request.query);
    const caller = () => gate.callerOf(from, admitted);
    const hold = (bytes: number) => inFlight.holdAnswer(response, bytes, caller());
    const { headers, cookies } = request;
    const ended = endpoint.answer.kind === 'events' ? endOf(response, draining) : draining;
    const isBodyRead = endpoint.body && hasBody(request);
    const release = isBodyRead && (await inFlight.takeBody(request, endpoint, caller()));
    try {
      const { members, image }: Body = isBodyRead ? await readBody(request, response, endpoint) : noBody;
      const principal = admitted && isBodyRead ? await readmit(request, endpoint, admitted, gate) : admitted;
      const body = parse(endpoint.body, members);
      // Before the rows are read: those of a page are in memory several times while it is made.
      if (endpoint.answer.kind === 'page') await hold(maxPageBytes);
      const format = isCsvWanted(request, endpoint) ? 'csv' : 'json';
      const parts = { params, query, body, image, principal, from, headers, cookies, format, ended };
      const call = parts as Call<Endpoint>;
      const handled = handler(call, replyOn(request, response));
      const answer = isPending(handled) ? await handled : handled;
      const sending = send(request, response, endpoint, answer, { ended, hold });
      if (sending) await sending;
    } finally {
      if (release) release();
    }
  };
}

const noBody: Body = { members: undefined };

/** What the schema makes of a part of the request. Throws `invalid_request` with every broken rule. */
function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  refuseHostile(value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError('invalid_request', issues[0]?.message ?? 'The request breaks a rule', { issues });
}
