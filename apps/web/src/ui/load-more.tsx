import { type RefObject, useEffect, useRef } from 'react';
import { Button } from './button.tsx';

type LoadMoreProps = {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  /** What the list is of: "users". */
  what: string;
  /** The element whose children are the rows. After a press the first new row gets the focus. */
  list?: RefObject<HTMLElement | null>;
  /** Whether the next page is also loaded when the reader comes near the end of the list. */
  onScroll?: boolean;
};

/** Loads the next page of a list, if there is one. */
export function LoadMore({ query, what, list, onScroll = false }: LoadMoreProps) {
  const place = useRef<HTMLDivElement>(null);
  const focusNewRow = useFocusOnNewRow(list, query.isFetchingNextPage);
  useLoadNearEnd(place, onScroll && query.hasNextPage && !query.isFetchingNextPage, query.fetchNextPage);
  if (!query.hasNextPage) return null;
  return (
    <div ref={place} className="grid justify-items-center">
      <Button
        busy={query.isFetchingNextPage}
        onClick={() => {
          focusNewRow();
          query.fetchNextPage();
        }}
      >
        Load more {what}
      </Button>
    </div>
  );
}

/** The button may disappear with the last page, and readers by keyboard want to go on where the list went on. */
function useFocusOnNewRow(list: RefObject<HTMLElement | null> | undefined, isFetching: boolean) {
  const press = useRef<{ rowsBefore: number; hasStarted: boolean }>(undefined);
  useEffect(() => {
    if (!press.current) return;
    if (isFetching) press.current.hasStarted = true;
    if (isFetching || !press.current.hasStarted) return;
    const row = list?.current?.children[press.current.rowsBefore];
    press.current = undefined;
    if (!(row instanceof HTMLElement)) return;
    row.tabIndex = -1;
    row.focus();
  }, [isFetching, list]);
  return () => {
    press.current = { rowsBefore: list?.current?.childElementCount ?? 0, hasStarted: false };
  };
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
