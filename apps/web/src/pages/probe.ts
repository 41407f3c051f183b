import { type Endpoint, NetworkError, Problem, type ProblemCode } from '@signet/contracts';

/** One call of a run, and what the page saw of its answer. */
export type Probed = {
  readonly status: number;
  readonly body: unknown;
  readonly code: ProblemCode | undefined;
  /** Names the call in the API's trace; undefined where the answer does not show it. */
  readonly requestId: string | undefined;
};

type ProbeOptions = {
  readonly origin?: string;
  readonly token?: string | undefined;
  readonly credentials: 'include' | 'omit';
  readonly body?: unknown;
  /** Another document that sends the call. */
  readonly send?: (request: Request) => Promise<Response>;
};

export type Probe = ReturnType<typeof createProbe>;

/**
 * Calls an endpoint without path parameters with exactly these credentials, whatever the page has stored. `no-store` makes Chromium ask for
 * permission again although it remembers an earlier grant. Rejects with a NetworkError if there is no answer.
 */
export function createProbe(apiUrl: string, send: (request: Request) => Promise<Response>) {
  return async (endpoint: Endpoint, options: ProbeOptions): Promise<Probed> => {
    const { origin = apiUrl, token, credentials, body } = options;
    const headers = new Headers();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request = new Request(new URL(endpoint.path, origin), {
      method: endpoint.method,
      headers,
      credentials,
      cache: 'no-store',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await (options.send ?? send)(request).catch((cause: unknown) => {
      throw new NetworkError(`${endpoint.method} ${endpoint.path}: no answer`, { cause });
    });
    const text = await response.text();
    const read = readJson(text);
    return {
      status: response.status,
      body: read,
      code: response.ok ? undefined : Problem.safeParse(read).data?.code,
      requestId: response.headers.get('x-request-id') ?? undefined,
    };
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
