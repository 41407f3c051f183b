/** A request of the collection, as this folder writes them down. */
type RequestOptions = {
  readonly name: string;
  readonly method: string;
  /** With query and `{{variables}}`, from the slash on. */
  readonly path: string;
  /** For somebody who learns, in Markdown. */
  readonly about: string;
  /** The variable that the Authorization tab takes the token from. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** A body that is not made from a value, under the Content-Type given here. */
  readonly raw?: { readonly type: string; readonly text: string };
  readonly form?: readonly FormField[];
  /** Postman's cookie jar takes part. Else the request neither sends nor keeps cookies, so that no folder depends on another. */
  readonly cookieJar?: true;
  /** Lines of script that run before the request. */
  readonly before?: readonly string[];
  /** Lines of script that look at the answer. */
  readonly tests: readonly string[];
};

type FormField = {
  readonly key: string;
  readonly value?: string;
  readonly isFile?: true;
  readonly disabled?: true;
  readonly about: string;
};

export type Item = ReturnType<typeof request>;

/** A request in Postman's format 2.1. */
export function request(options: RequestOptions) {
  const { name, method, path, about, bearer, headers = {}, cookieJar, before = [], tests } = options;
  const body = bodyOf(options);
  const allHeaders = { ...(body?.type && { 'Content-Type': body.type }), ...headers };
  return {
    name,
    event: [...(before.length > 0 ? [script('prerequest', before)] : []), script('test', tests)],
    ...(!cookieJar && { protocolProfileBehavior: { disableCookies: true } }),
    request: {
      auth:
        bearer === undefined
          ? { type: 'noauth' }
          : { type: 'bearer', bearer: [{ key: 'token', value: `{{${bearer}}}`, type: 'string' }] },
      method,
      header: Object.entries(allHeaders).map(([key, value]) => ({ key, value })),
      ...(body && { body: body.content }),
      url: urlOf(path),
      description: about,
    },
    response: [],
  };
}

export function folder(name: string, description: string, item: readonly Item[]) {
  return { name, description, item };
}

export function script(listen: 'prerequest' | 'test', statements: readonly string[]) {
  // Postman has a script as an array of single lines.
  return { listen, script: { type: 'text/javascript', exec: statements.join('\n').split('\n') } };
}

function bodyOf({
  json,
  raw,
  form,
}: RequestOptions): { type: string | undefined; content: object } | undefined {
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
  // Postman adds the Content-Type itself: only it knows the boundary.
  return { type: undefined, content: { mode: 'formdata', formdata } };
}

function urlOf(path: string): object {
  const [pathname = '', query] = path.split('?');
  return {
    raw: `{{base_url}}${path}`,
    host: ['{{base_url}}'],
    path: pathname.slice(1).split('/'),
    ...(query !== undefined && {
      query: query.split('&').map((pair) => {
        const [key = '', value = ''] = pair.split('=');
        return { key, value };
      }),
    }),
  };
}
