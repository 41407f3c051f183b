import type { z } from 'zod';
import type { AnswerOf, Endpoint } from './endpoints.ts';
import { type ParamNames, type PathParams, pathOf } from './paths.ts';
import { Problem } from './problems.ts';

/** The API answered, and its answer is no. */
export class ApiError extends Error {
  override name = 'ApiError' as const;
  readonly problem: Problem;
  /** Seconds to wait, from `Retry-After`, where the API said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nobody answered, or the browser withheld the answer: the API is down, or CORS refused. The two look alike from here. */
export class NetworkError extends Error {
  override name = 'NetworkError' as const;
}

/** Something answered, and not as the contract says: a proxy's HTML page, another service on the port. */
export class UnexpectedAnswerError extends Error {
  override name = 'UnexpectedAnswerError' as const;
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`The answer (status ${status}) is not one that the API gives`, options);
    this.status = status;
  }
}

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

/** What a call takes: the endpoint's body, image, query and path parameters, and nothing that it does not name. */
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
 * `call(endpoints.x, …)` resolves to the parsed answer (for a paged endpoint `{ items, next }`, for one that answers
 * in bytes a `Blob`), or rejects with {@link ApiError} (a problem), {@link NetworkError} (no answer) or {@link UnexpectedAnswerError} (an answer outside
 * the contract). How credentials travel is the business of the `fetch` that it is given.
 */
export function createClient({
  baseUrl,
  fetch,
}: {
  baseUrl: string;
  fetch: (request: Request) => Promise<Response>;
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
      return (response.ok ? readAnswer(endpoint, response) : readProblem(response)) as Promise<AnswerOf<E>>;
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
    ...(signal && { signal }),
    ...(image ? { body: toForm(body, image) } : body !== undefined && toJson(body)),
  });
}

function toJson(body: unknown) {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** The body's members with the image beside them. `fetch` itself adds the Content-Type, which names the boundary. */
function toForm(body: unknown, image: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body ?? {})) {
    if (value !== undefined) form.append(name, String(value));
  }
  form.append('image', image);
  return form;
}

async function readAnswer(endpoint: Endpoint, response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const read = endpoint.response ? response.json() : endpoint.bytes ? response.blob() : response.text();
  const answer: unknown = await read.catch((cause: unknown) => {
    throw new UnexpectedAnswerError(response.status, { cause });
  });
  if (answer instanceof Blob && !endpoint.bytes?.includes(answer.type))
    throw new UnexpectedAnswerError(response.status);
  if (!endpoint.response) return answer;
  const parsed = endpoint.response.safeParse(answer);
  if (!parsed.success) throw new UnexpectedAnswerError(response.status, { cause: parsed.error });
  return endpoint.paged
    ? { items: parsed.data, next: nextCursor(response.headers.get('link')) }
    : parsed.data;
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
