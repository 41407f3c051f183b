import { type RefObject, useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorAlert } from './errors/error-alert.tsx';

type LoadMoreProps = {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
  /** What the list is of: "users". */
  what: string;
  /** The element whose children are the rows. After a press the first new row gets the focus. */
  list: RefObject<HTMLElement | null>;
  /** Whether the next page is also loaded when the reader comes near the end of the list. */
  onScroll?: boolean;
};

/** Loads the next page of a list, if there is one. Why it could not be loaded is said here, where the reader is. */
export function LoadMore({ query, what, list, onScroll = false }: LoadMoreProps) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  const place = useRef<HTMLDivElement>(null);
  const focusNewRow = useFocusOnNewRow(list, place, isFetchingNextPage);
  // After a failure the reader decides, because asking again at once would go on without an end.
  const mayLoad = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useLoadNearEnd(place, onScroll && mayLoad, query.fetchNextPage);
  if (!hasNextPage) return null;
  const load = () => {
    focusNewRow();
    query.fetchNextPage();
  };
  return (
    <div ref={place} className="grid justify-items-center">
      {isFetchNextPageError && !isFetchingNextPage ? (
        <ErrorAlert error={query.error} onRetry={load} />
      ) : (
        <Button busy={isFetchingNextPage} onClick={load}>
          Load more {what}
        </Button>
      )}
    </div>
  );
}

/**
 * The button may disappear with the last page or for an error, and readers by keyboard want to go on where the list went
 * on, or to try again.
 */
function useFocusOnNewRow(
  list: RefObject<HTMLElement | null>,
  place: RefObject<HTMLElement | null>,
  isFetching: boolean,
) {
  const press = useRef<{ rowsBefore: number; hasStarted: boolean }>(undefined);
  useEffect(() => {
    if (!press.current) return;
    if (isFetching) press.current.hasStarted = true;
    if (isFetching || !press.current.hasStarted) return;
    const rows = list.current?.children;
    const newRow = rows?.[press.current.rowsBefore];
    press.current = undefined;
    if (newRow) return focusOn(newRow);
    if (document.activeElement !== document.body) return;
    // New entries may have joined rows that were there before.
    focusOn(place.current?.querySelector('button') ?? rows?.[rows.length - 1]);
  }, [isFetching, list, place]);
  return () => {
    press.current = { rowsBefore: list.current?.childElementCount ?? 0, hasStarted: false };
  };
}

function focusOn(element: Element | undefined) {
  if (!(element instanceof HTMLElement)) return;
  if (!(element instanceof HTMLButtonElement)) element.tabIndex = -1;
  element.focus();
}

const margin = '600px';

function useLoadNearEnd(place: RefObject<Element | null>, mayLoad: boolean, load: () => unknown) {
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (!mayLoad || !place.current || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && latest.current(),
      { rootMargin: margin },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [mayLoad, place]);
}
