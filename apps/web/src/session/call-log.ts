import { endpoints } from '@signet/contracts';
import { unsafeHeaderNames } from '../browser/cors-rules.ts';
import type { Transport } from './transport.ts';

/** So many of the newest calls are kept. */
const most = 200;

/** What script can know of the answer, or of its absence. */
export type CallOutcome = {
  readonly milliseconds: number;
  readonly status?: number;
  readonly requestId?: string;
  /** The origin that answered, where a redirect led to another one than the call went to. */
  readonly redirectedTo?: string;
  /** The names of the headers that CORS lets script see. */
  readonly headers?: readonly string[];
  /** The class of the error: `TypeError` where the browser gives no answer, `AbortError`, `TimeoutError`. */
  readonly error?: string;
  /** The call was over before the browser could send it. */
  readonly neverLeft?: boolean;
};

/** A call of this page, as names and facts: no value of a header, a query, a path or a body. */
export type PageCall = {
  /** `call-1`, for the address of a call whose answer named no request id. */
  readonly id: string;
  readonly method: string;
  /** The path as the contract has it; absent where no endpoint has this path. */
  readonly route?: string;
  /** The origin that the call goes to. */
  readonly origin: string;
  /** Equal for equal addresses until the page is reloaded. It does not lead back to the address. */
  readonly resource: number;
  readonly query: readonly string[];
  readonly mode: RequestMode;
  readonly credentials: RequestCredentials;
  readonly cache: RequestCache;
  /** The names of the headers that script set. */
  readonly headers: readonly string[];
  /** Those of them for which another origin must be asked first. */
  readonly unsafeHeaders: readonly string[];
  readonly hasUploadListener: boolean;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly sentAt: number;
  /** Absent while the call is under way. */
  readonly outcome?: CallOutcome;
};

export type CallLog = ReturnType<typeof createCallLog>;

/** The newest calls of this page, in memory only. It reads requests and answers, and changes neither. */
export function createCallLog({ now }: { now: () => number }) {
  let calls: readonly PageCall[] = [];
  let counted = 0;
  let seen = 0;
  // An address may have ids in it. A hash with a salt of this page load tells equal from different and nothing else.
  const salt = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const listeners = new Set<() => void>();
  const failed = new WeakMap<object, string>();

  return {
    /** The calls, the oldest first: a new array after every change. */
    calls: () => calls,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    clear: () => publish([]),
    /** How many calls were made since a reader last looked at the log. */
    unseen: () => counted - seen,
    look() {
      if (seen === counted) return;
      seen = counted;
      notify();
    },
    /** The id of the call that rejected with `cause`. */
    failedWith: (cause: unknown) => (cause instanceof Object ? failed.get(cause) : undefined),
    /** The transport, whose calls are recorded from now on. */
    record(send: Transport): Transport {
      return (request, onUploadProgress) => {
        const call = describe(request, onUploadProgress !== undefined);
        // The API leaves requests that read its trace out of it, and so does this half.
        if (call.route === endpoints.listExchanges.path) return send(request, onUploadProgress);
        counted += 1;
        publish([...calls, call].slice(-most));
        const neverLeft = request.signal.aborted;
        const sent = send(request, onUploadProgress);
        sent.then(
          (response) => finish(call, describeAnswer(call, response)),
          (error: unknown) => {
            if (error instanceof Object) failed.set(error, call.id);
            finish(call, { error: nameOf(error), ...(neverLeft && { neverLeft }) });
          },
        );
        return sent;
      };
    },
  };

  function describe(request: Request, hasUploadListener: boolean): PageCall {
    const { origin, pathname, searchParams } = new URL(request.url);
    const route = routeOf(pathname.replace(/\/$/, ''));
    return {
      id: `call-${counted + 1}`,
      method: request.method,
      ...(route && { route }),
      origin,
      resource: hash(request.url, salt),
      query: [...new Set(searchParams.keys())],
      mode: request.mode,
      credentials: request.credentials,
      cache: request.cache,
      headers: [...request.headers.keys()],
      unsafeHeaders: unsafeHeaderNames(request.headers),
      hasUploadListener,
      sentAt: now(),
    };
  }

  function finish({ id }: PageCall, facts: Omit<CallOutcome, 'milliseconds'>) {
    publish(
      calls.map((call) =>
        call.id === id ? { ...call, outcome: { milliseconds: now() - call.sentAt, ...facts } } : call,
      ),
    );
  }

  function publish(next: readonly PageCall[]) {
    calls = next;
    notify();
  }

  function notify() {
    for (const listener of listeners) listener();
  }
}

/** The template of a path. One without a parameter comes first, so that `/api/users/me` is no id. */
function routeOf(path: string): string | undefined {
  const templates = Object.values(endpoints).map((row) => row.path as string);
  return (
    templates.find((template) => template === path) ??
    templates.find((template) => new RegExp(`^${template.replace(/:\w+/g, '[^/]+')}$`).test(path))
  );
}

function describeAnswer(
  { origin: asked }: PageCall,
  { status, headers, url }: Response,
): Omit<CallOutcome, 'milliseconds'> {
  const requestId = headers.get('x-request-id');
  const origin = url && new URL(url).origin;
  return {
    status,
    headers: [...headers.keys()],
    ...(requestId && { requestId }),
    ...(origin && origin !== asked && { redirectedTo: origin }),
  };
}

function nameOf(error: unknown): string {
  return error instanceof Object && 'name' in error ? String(error.name) : 'unknown';
}

/** FNV-1a, begun with the salt. */
function hash(text: string, salt: number): number {
  let value = salt;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return value >>> 0;
}
