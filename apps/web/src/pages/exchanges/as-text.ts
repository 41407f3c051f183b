import type { Entry } from '../exchange-entries.ts';

const placeholders: Readonly<Record<string, string>> = {
  authorization: 'Bearer $TOKEN',
  'content-type': 'application/json',
  accept: 'text/csv',
};

type Target = { readonly apiUrl: string };

/** The call as a curl command with variables in the place of every value. Browsers alone add Origin and cookies. */
export function toCurl(entry: Entry, { apiUrl }: Target): string {
  const { method, url, headers, usesCookies } = factsOf(entry, apiUrl);
  return [
    `curl -i -X ${method} "${url}"`,
    ...headers.map((name) => `-H "${name}: ${valueFor(name)}"`),
    ...(usesCookies ? ['-b jar.txt'] : []),
    ...(hasBody(method, headers) ? ['-d @body.json'] : []),
  ].join(' \\\n  ');
}

/** The call as `fetch`, with variables in the place of every value. */
export function toFetch(entry: Entry, { apiUrl }: Target): string {
  const { method, url, headers, credentials } = factsOf(entry, apiUrl);
  const lines = headers.map(
    (name) => `    '${name}': \`${valueFor(name).replace('$TOKEN', '$' + '{token}')}\`,`,
  );
  return [
    `await fetch(\`${url.replace(/\$([A-Z_]+)/g, (_, name: string) => `$\{${name.toLowerCase()}}`)}\`, {`,
    `  method: '${method}',`,
    `  credentials: '${credentials}',`,
    ...(lines.length > 0 ? ['  headers: {', ...lines, '  },'] : []),
    ...(hasBody(method, headers) ? ['  body: JSON.stringify(body),'] : []),
    '});',
  ].join('\n');
}

/** Everything in the log as JSON: names and facts, as they are shown. */
export function toJson(entries: readonly Entry[]): string {
  return JSON.stringify(
    entries.map(({ call, ...entry }) => {
      if (!call) return entry;
      const { resource: _, ...shown } = call;
      return { ...entry, call: shown };
    }),
    null,
    2,
  );
}

function factsOf({ call, exchange, preflight }: Entry, apiUrl: string) {
  const known = exchange ?? preflight;
  const route = call?.route ?? known?.route ?? '/$PATH';
  const query = call?.query ?? known?.query ?? [];
  const path = route.replace(/:(\w+)/g, (_, name: string) => `$${name.toUpperCase()}`);
  const search = query.map((name) => `${name}=$${name.toUpperCase().replace(/\W/g, '_')}`).join('&');
  const usesCookies = exchange ? exchange.cookies.length > 0 : call?.credentials === 'include';
  return {
    method: call?.method ?? preflight?.preflight?.method ?? known?.method ?? 'GET',
    url: `${call?.origin ?? apiUrl}${path}${search && `?${search}`}`,
    headers:
      call?.headers ??
      (exchange?.headers ?? []).filter((name) => ['authorization', 'content-type'].includes(name)),
    usesCookies,
    credentials: call?.credentials ?? (usesCookies ? 'include' : 'omit'),
  };
}

function valueFor(name: string): string {
  return placeholders[name] ?? `$${name.toUpperCase().replace(/\W/g, '_')}`;
}

function hasBody(method: string, headers: readonly string[]): boolean {
  return !['GET', 'HEAD'].includes(method) && headers.includes('content-type');
}
