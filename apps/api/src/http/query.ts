import { parse } from 'node:querystring';
import { AppError } from '../errors.ts';

/**
 * The members of a query, by name; a name that comes twice has an array. Throws `invalid_request` for a query
 * that is not UTF-8 in percent-encoding (RFC 3986, section 2.5): the parser would put another character in
 * the place of each wrong byte, without telling.
 */
export function parseQuery(query: string | null | undefined): Record<string, string | string[] | undefined> {
  if (!query) return {};
  try {
    decodeURIComponent(query);
  } catch (cause) {
    throw new AppError('invalid_request', 'The query is not UTF-8 in percent-encoding; a % itself is %25', {
      cause,
    });
  }
  return { ...parse(query) };
}
