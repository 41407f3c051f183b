const mostValueBytes = 128;
const mostTotalBytes = 1024;

const language = /^[0-9A-Za-z *,\-.;=]*$/;

/**
 * What a value of each safelisted header may be. The excluded characters are control characters but the tab, and those
 * that could end a string or open a bracket in a careless parser; a range without a start is not safelisted.
 */
const safeValues: Readonly<Record<string, Pick<RegExp, 'test'>>> = {
  accept: /^[\t !#-'*-+,\-./0-9;=A-Z^-z|~\x80-\xff]*$/,
  'accept-language': language,
  'content-language': language,
  'content-type':
    /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;[\t !#-'*-+,\-./0-9;=A-Z^-z|~\x80-\xff]*)?$/i,
  range: {
    test(value) {
      const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(value) ?? [];
      return start !== undefined && (!end || Number(start) <= Number(end));
    },
  },
};

/**
 * The names of the headers because of which the browser must ask before it sends the request to another origin: in lower
 * case, sorted, as `Access-Control-Request-Headers` has them (Fetch, section 2.2.2, "CORS-unsafe request-header names").
 */
export function unsafeHeaderNames(headers: Iterable<readonly [string, string]>): string[] {
  const all = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const isSafe = ([name, value]: readonly [string, string]) =>
    value.length <= mostValueBytes && safeValues[name]?.test(value) === true;
  const total = all.filter(isSafe).reduce((sum, [, { length }]) => sum + length, 0);
  const unsafe = total > mostTotalBytes ? all : all.filter((header) => !isSafe(header));
  return [...new Set(unsafe.map(([name]) => name))].sort();
}
