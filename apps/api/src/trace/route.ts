import { endpoints, matchEndpoint } from '@signet/contracts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The path template of the contract that a path belongs to, whatever the method; undefined where no endpoint
 * has the path. `method` comes first, because `/api/users/me` is not the same endpoint for each method.
 */
export function routeOf(method: string, path: string): string | undefined {
  for (const each of [method, ...methods]) {
    const match = matchEndpoint(endpoints, each, path);
    if (match) return endpoints[match.key].path;
  }
  return undefined;
}
