import { Button } from './button.tsx';

type LoadMoreProps = {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  /** What the list is of: "users". */
  what: string;
};

/** Loads the next page of a list, if there is one. */
export function LoadMore({ query, what }: LoadMoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      busy={query.isFetchingNextPage}
      onClick={() => query.fetchNextPage()}
      className="justify-self-center"
    >
      Load more {what}
    </Button>
  );
}
