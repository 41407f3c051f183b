import { endpoints, matchEndpoint } from '@signet/contracts';

/** Express takes the first path that fits, whatever its methods: DELETE of `/api/users/me` is no DELETE of an id. */
const paths = Object.fromEntries(
  Object.entries(endpoints).map(([key, { path }]) => [key, { method: 'GET', path }]),
);

/** The path template of the contract that a path belongs to; undefined where no endpoint has the path. */
export function routeOf(path: string): string | undefined {
  return paths[matchEndpoint(paths, 'GET', path)?.key ?? '']?.path;
}
