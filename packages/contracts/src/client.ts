import { z } from 'zod';
import { ApiError, NetworkError, UnexpectedAnswerError } from './client-errors.ts';
import type { AnswerOf, Endpoint } from './endpoint.ts';
import type { ReadEvents } from './event-stream.ts';
import { type ParamNames, type PathParams, pathOf } from './paths.ts';
import { Problem } from './schemas/problem.ts';

type InputOf<E, Member extends string> =
  E extends Record<Member, infer S extends z.ZodType>
    ? undefined extends z.input<S>
      ? { readonly [M in Member]?: z.input<S> }
      : Partial<Record<never, never>> extends z.input<S>
        ? { readonly [M in Member]?: z.input<S> }
        : { readonly [M in Member]: z.input<S> }
    : { readonly [M in Member]?: never };

type ParamsInput<E> = E extends { path: infer Path extends string }
  ? ParamNames<Path> extends never
    ? { readonly params?: never }
    : { readonly params: PathParams<Path> }
  : never;

type ImageInput<E> = E extends { multipart: 'image' }
  ? { readonly image?: Blob }
  : { readonly image?: never };

/**
 * What a call takes: the endpoint's body, image, query and path parameters, and nothing that it does
 * not name.
 */
export type CallOptions<E> = InputOf<E, 'body'> &
  ImageInput<E> &
  InputOf<E, 'query'> &
  ParamsInput<E> & { readonly signal?: AbortSignal };

type OptionalIfEmpty<Options> =
  Partial<Record<never, never>> extends Options ? [options?: Options] : [options: Options];

export type Client = ReturnType<typeof createClient>;

/**
 * A typed client over `fetch`.
 *
 * `call(endpoints.x, …)` resolves to the answer, parsed by the endpoint's schema: a page as `{ items, next
 * }`, CSV as `{ csv, next }`, bytes as a `Blob`, server-sent events as an `AsyncIterable` that can be read
 * once and rejects in the same way. It rejects with {@link ApiError} for a problem, {@link NetworkError} if
 * there is no answer, {@link UnexpectedAnswerError} for an answer outside the contract, and the abort's own
 * reason if `signal` aborts. The given `fetch` decides which credentials travel along.
 */
export function createClient({
  baseUrl,
  fetch,
  readEvents,
}: {
  baseUrl: string;
  fetch: (request: Request) => Promise<Response>;
  /**
   * `readEvents` of `@signet/contracts/event-stream`. Passed in, so that an app without streams does not
   * ship it.
   */
  readEvents?: ReadEvents;
}) {
  return {
    async call<const E extends Endpoint>(
      endpoint: E,
      ...[options]: OptionalIfEmpty<CallOptions<E>>
    ): Promise<AnswerOf<E>> {
      const request = toRequest(baseUrl, endpoint, options ?? {});
      const response = await fetch(request).catch((cause: unknown) => {
        if (request.signal.aborted) throw cause;
        throw new NetworkError(`${endpoint.method} ${endpoint.path}: no answer`, { cause });
      });
      if (!response.ok) return readProblem(response);
      return readAnswer(endpoint, response, { readEvents, signal: request.signal }) as Promise<AnswerOf<E>>;
    },
  };
}

type AnyOptions = {
  body?: unknown;
  image?: Blob;
  query?: Record<string, unknown>;
  params?: Record<string, string | number>;
  signal?: AbortSignal;
};

function toRequest(
  baseUrl: string,
  endpoint: Endpoint,
  { body, image, query, params, signal }: AnyOptions,
): Request {
  const url = new URL(pathOf(endpoint, params ?? {}), baseUrl);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return new Request(url, {
    method: endpoint.method,
    // A deletion that was promised goes on when its page is closed (Fetch standard, keepalive flag).
    ...(endpoint.method === 'DELETE' && { keepalive: true }),
    ...(signal && { signal }),
    ...(endpoint.answer.kind === 'csv' && { headers: { accept: 'text/csv' } }),
    ...(image ? { body: toForm(body, image) } : body !== undefined && toJson(body)),
  });
}

function toJson(body: unknown) {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/**
 * The body's members with the image beside them. `fetch` itself adds the Content-Type, which names
 * the boundary.
 */
function toForm(body: unknown, image: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body ?? {})) {
    if (value !== undefined) form.append(name, String(value));
  }
  form.append('image', image);
  return form;
}

async function readAnswer(
  { answer }: Endpoint,
  response: Response,
  { readEvents, signal }: { readEvents: ReadEvents | undefined; signal: AbortSignal },
): Promise<unknown> {
  const unexpected = (cause?: unknown) => {
    throw new UnexpectedAnswerError(response.status, { cause });
  };
  const parse = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
    const { data, error } = schema.safeParse(value);
    return error ? unexpected(error) : (data as Output);
  };
  const [mediaType = ''] = response.headers.get('content-type')?.split(';', 1) ?? [];
  switch (answer.kind) {
    case 'json':
      return parse(answer.schema, await response.json().catch(unexpected));
    case 'page': {
      const items = parse(z.array(answer.item), await response.json().catch(unexpected));
      return { items, next: nextCursor(response.headers.get('link')) };
    }
    case 'csv': {
      if (mediaType !== 'text/csv') return unexpected();
      return {
        csv: await response.blob().catch(unexpected),
        next: nextCursor(response.headers.get('link')),
      };
    }
    case 'text':
      return mediaType === answer.mediaType ? response.text().catch(unexpected) : unexpected();
    case 'bytes':
      return answer.mediaTypes.includes(mediaType) ? response.blob().catch(unexpected) : unexpected();
    case 'events': {
      if (mediaType !== 'text/event-stream' || !response.body) return unexpected();
      if (!readEvents) throw new TypeError('createClient was given no readEvents, which this endpoint needs');
      return readEvents(response.body, {
        parse: (data) => parse(answer.event, readJson(data)),
        toError: (cause) =>
          signal.aborted ? cause : new NetworkError('The stream of events broke off', { cause }),
      });
    }
    case 'none':
      return response.status === 204 ? undefined : unexpected();
    default:
      return answer satisfies never;
  }
}

/** Undefined for text that is not JSON, which no schema of an event allows. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The cursor in `Link: <…?after=CURSOR>; rel="next"` (RFC 8288), or undefined on the last page. */
function nextCursor(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (!target) return undefined;
  return new URL(target, 'http://relative.invalid').searchParams.get('after') ?? undefined;
}

async function readProblem(response: Response): Promise<never> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = Problem.safeParse(body);
  if (!problem.success) throw new UnexpectedAnswerError(response.status);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new ApiError(problem.data, Number.isFinite(retryAfter) ? retryAfter : undefined);
}
