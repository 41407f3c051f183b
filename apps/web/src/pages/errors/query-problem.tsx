import { isUnreachable } from './describe-error.ts';
import { ErrorAlert } from './error-alert.tsx';

type QueryProblemProps = {
  query: {
    isError: boolean;
    /** Of a list: whether it was its next page that failed, which is said at the end of the list. */
    isFetchNextPageError?: boolean;
    error: unknown;
    data: unknown;
    refetch: () => unknown;
  };
};

/**
 * Why the page has no answer, or no newer one. While the API cannot be reached a page keeps what it had, and the banner
 * above every page says why nothing changes.
 */
export function QueryProblem({ query }: QueryProblemProps) {
  const { isError, isFetchNextPageError = false, error, data, refetch } = query;
  if (!isError || isFetchNextPageError) return null;
  if (data !== undefined && isUnreachable(error)) return null;
  return <ErrorAlert error={error} onRetry={() => refetch()} />;
}
