import { startApi as startBuiltApi } from '@signet/rig';

export type Api = Awaited<ReturnType<typeof startApi>>;

/**
 * The built API on a free port, with the address and the requests that the tests of the whole stack ask for.
 */
export async function startApi(options: Parameters<typeof startBuiltApi>[0] = {}) {
  const api = await startBuiltApi(options);
  return {
    ...api,
    /** With the host name that its cookies are for. */
    url: `http://localhost:${api.port}`,
    /** How many requests with this method and path it has answered. */
    countRequests: (method: string, path: string) =>
      readRequests(api.output()).filter((each) => each.method === method && each.path === path).length,
    requests: () => readRequests(api.output()),
  };
}

export type LoggedRequest = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly origin: string | undefined;
};

/** The requests that the API has answered, as its log tells them. */
function readRequests(output: string): LoggedRequest[] {
  return output.split('\n').flatMap((line) => {
    const [, method = '', path = '', status] = /"msg":"([A-Z]+) (\/\S*) (\d{3})"/.exec(line) ?? [];
    return status
      ? [{ method, path, status: Number(status), origin: /"origin":"([^"]*)"/.exec(line)?.[1] }]
      : [];
  });
}

const ahead =
  'const now = Date.now; globalThis.Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(now() + 6e5); } static now() { return now() + 6e5; } };';

/** A value of NODE_OPTIONS with which the clock of a process is ten minutes ahead. */
export const tenMinutesAhead = `--import=data:text/javascript,${encodeURIComponent(ahead)}`;
