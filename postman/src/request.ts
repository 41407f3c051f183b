import { type EndpointKey, type Endpoints, endpoints, expandPath, type PathParams } from '@signet/contracts';

/** Values in a path or a query may be Postman's `{{variables}}`. */
type Value = string | number;

/** A request to an endpoint of the contracts, named by its key. */
type ToEndpoint = {
  [Key in EndpointKey]: {
    readonly endpoint: Key;
    /** Another method for the endpoint's path: HEAD, OPTIONS, or one that the API must refuse. */
    readonly method?: string;
    readonly path?: never;
    readonly query?: QueryOf<Endpoints[Key]>;
  } & ParamsOf<PathParams<Endpoints[Key]['path']>>;
}[EndpointKey];

type ParamsOf<Params> = keyof Params extends never
  ? { readonly params?: never }
  : { readonly params: Params };

type QueryOf<Row> = Row extends { query: { shape: infer Shape } }
  ? { readonly [Name in keyof Shape]?: Value }
  : never;

/** A request that belongs to no endpoint, so that the API can be seen to refuse it. */
type ToElsewhere = {
  readonly endpoint?: never;
  readonly method: string;
  readonly path: string;
  readonly params?: never;
  readonly query?: never;
};

type Content = {
  readonly name: string;
  /** An explanation for a learner, in Markdown. */
  readonly about: string;
  /** The variable from which the Authorization tab takes the token. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** A body as text, with its Content-Type. */
  readonly raw?: { readonly type: string; readonly text: string };
  readonly form?: readonly FormField[];
  /**
   * Lets Postman's cookie jar send and store cookies. All other requests run without it, so that no folder
   * depends on the cookies of another.
   */
  readonly cookieJar?: true;
  /** Lines of script that run before the request. */
  readonly before?: readonly string[];
  /** Lines of script that check the answer. */
  readonly tests: readonly string[];
};

type FormField = {
  readonly key: string;
  readonly value?: string;
  readonly isFile?: true;
  readonly disabled?: true;
  readonly about: string;
};

/**
 * One request: the endpoint that it shows, if it uses that endpoint's own
 * method, and its form in Postman's format 2.1.
 */
export function request(options: Content & (ToEndpoint | ToElsewhere)) {
  const { name, about, bearer, headers = {}, cookieJar, before = [], tests } = options;
  const body = bodyOf(options);
  const allHeaders = { ...(body?.type && { 'Content-Type': body.type }), ...headers };
  const item = {
    name,
    event: [...(before.length > 0 ? [script('prerequest', before)] : []), script('test', tests)],
    ...(!cookieJar && { protocolProfileBehavior: { disableCookies: true } }),
    request: {
      auth:
        bearer === undefined
          ? { type: 'noauth' }
          : { type: 'bearer', bearer: [{ key: 'token', value: `{{${bearer}}}`, type: 'string' }] },
      method: methodOf(options),
      header: Object.entries(allHeaders).map(([key, value]) => ({ key, value })),
      ...(body && { body: body.content }),
      url: urlOf(pathOf(options), options.query),
      description: about,
    },
    response: [],
  };
  return { endpoint: options.method === undefined ? options.endpoint : undefined, item };
}

export type Folder = ReturnType<typeof folder>;

export function folder(name: string, description: string, requests: readonly ReturnType<typeof request>[]) {
  return {
    /** The endpoints that its requests show. */
    endpoints: requests.flatMap(({ endpoint }) => endpoint ?? []),
    item: { name, description, item: requests.map(({ item }) => item) },
  };
}

export function script(listen: 'prerequest' | 'test', statements: readonly string[]) {
  // Postman stores a script as an array of single lines.
  return { listen, script: { type: 'text/javascript', exec: statements.join('\n').split('\n') } };
}

function methodOf({ endpoint, method }: ToEndpoint | ToElsewhere): string {
  return endpoint === undefined ? method : (method ?? endpoints[endpoint].method);
}

/**
 * The path with its parameters filled in. They are not encoded, because
 * `{{variables}}` must stay as they are.
 */
function pathOf({ endpoint, path, params }: ToEndpoint | ToElsewhere): string {
  if (endpoint === undefined) return path;
  const values: Readonly<Record<string, Value>> = params ?? {};
  return expandPath(endpoints[endpoint].path, (name) => String(values[name]));
}

function bodyOf({ json, raw, form }: Content): { type: string | undefined; content: object } | undefined {
  if (json !== undefined) {
    const text = JSON.stringify(json, null, 2);
    return {
      type: 'application/json',
      content: { mode: 'raw', raw: text, options: { raw: { language: 'json' } } },
    };
  }
  if (raw)
    return {
      type: raw.type,
      content: { mode: 'raw', raw: raw.text, options: { raw: { language: 'text' } } },
    };
  if (!form) return undefined;
  const formdata = form.map(({ key, value, isFile, disabled, about }) => {
    return {
      key,
      ...(isFile ? { type: 'file', src: [] } : { type: 'text', value }),
      ...(disabled && { disabled }),
      description: about,
    };
  });
  // Postman adds the Content-Type itself, because it chooses the boundary between the parts.
  return { type: undefined, content: { mode: 'formdata', formdata } };
}

function urlOf(path: string, query: Readonly<Record<string, Value | undefined>> | undefined): object {
  const pairs = Object.entries(query ?? {}).map(([key, value]) => ({ key, value: String(value) }));
  const search = pairs.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{base_url}}${path}${search && `?${search}`}`,
    host: ['{{base_url}}'],
    path: path.slice(1).split('/'),
    ...(query && { query: pairs }),
  };
}
