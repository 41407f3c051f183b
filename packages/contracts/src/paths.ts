/** The names of a path template's parameters: `id` of `/api/users/:id/sessions`, `never` of `/token`. */
export type ParamNames<Template extends string> = string extends Template
  ? string
  : Template extends `${string}:${infer Name}/${infer Rest}`
    ? Name | ParamNames<Rest>
    : Template extends `${string}:${infer Name}`
      ? Name
      : never;

/** The parameters of a path template, before they are encoded. */
export type PathParams<Template extends string> = { readonly [N in ParamNames<Template>]: string | number };

type Route = { readonly method: string; readonly path: string };

/**
 * The path of an endpoint with its parameters filled in: `/api/users/7` of `/api/users/:id`.
 *
 * Throws `RangeError` for a parameter that cannot be one segment of a path: an empty one, and
 * `.` and `..`, which URL parsers resolve even when they are percent-encoded (URL standard,
 * section 4.1, "double-dot path segment").
 */
export function pathOf<const Path extends string>(
  { path }: { readonly path: Path },
  ...[params]: ParamNames<Path> extends never ? [params?: undefined] : [params: PathParams<Path>]
): string {
  return expandPath(path, (name) => {
    const value = String((params as Record<string, string | number> | undefined)?.[name] ?? '');
    if (value === '' || value === '.' || value === '..')
      throw new RangeError(`"${value}" cannot stand for :${name} in ${path}`);
    return encodeURIComponent(value);
  });
}

/** A path template with each parameter replaced by what `write` returns for its name, without encoding. */
export function expandPath(template: string, write: (name: string) => string): string {
  return template
    .split('/')
    .map((segment) => (isParameter(segment) ? write(segment.slice(1)) : segment))
    .join('/');
}

/**
 * The endpoint of a table that answers a request, with its decoded path
 * parameters; undefined if no endpoint does.
 *
 * `path` is the encoded path of a URL, without its query. It may end in one slash. HEAD is answered by the
 * endpoint for GET. A literal segment is preferred to a parameter, so `/api/users/me` is never taken for an
 * id. A path whose percent-encoding is malformed belongs to no endpoint.
 */
export function matchEndpoint<const Table extends Readonly<Record<string, Route>>>(
  table: Table,
  method: string,
  path: string,
): { key: keyof Table & string; params: Record<string, string> } | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const candidates = Object.entries(table)
    .filter(([, endpoint]) => endpoint.method === wanted)
    .sort(([, a], [, b]) => compareTemplates(a.path, b.path));
  for (const [key, endpoint] of candidates) {
    const params = matchTemplate(endpoint.path, path);
    if (params) return { key, params };
  }
  return undefined;
}

/**
 * The order in which path templates are tried: at the first difference
 * a literal segment precedes a parameter.
 */
export function compareTemplates(a: string, b: string): number {
  const [first, second] = [shapeOf(a), shapeOf(b)];
  return first < second ? -1 : Number(first > second);
}

/** One digit a segment: 0 for a literal, 1 for a parameter. */
function shapeOf(template: string): string {
  return template
    .split('/')
    .map((segment) => (isParameter(segment) ? '1' : '0'))
    .join('');
}

function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  const segments = path.split('/');
  const expected = template.split('/');
  if (segments.length === expected.length + 1 && segments.at(-1) === '') segments.pop();
  if (segments.length !== expected.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const wanted = expected[index] ?? '';
    if (isParameter(wanted)) {
      const value = decode(segment);
      if (!value) return undefined;
      params[wanted.slice(1)] = value;
    } else if (segment !== wanted) return undefined;
  }
  return params;
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':');
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
