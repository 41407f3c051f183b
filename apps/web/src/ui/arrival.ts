import { createContext, type RefObject, useContext, useEffect, useRef } from 'react';

/** Whether a page has been shown since the browser loaded the document. */
export const ArrivalContext = createContext<RefObject<boolean>>({ current: false });

/**
 * For the heading of a page. It takes the focus when the page replaces another one, which the browser does for a new
 * document only: else a screen reader says nothing, and Tab starts at the top (WCAG 2.2, 2.4.3).
 */
export function useArrivalFocus<Heading extends HTMLElement>(): RefObject<Heading | null> {
  const heading = useRef<Heading>(null);
  const hasArrived = useContext(ArrivalContext);
  const isShown = useRef(false);
  useEffect(() => {
    if (isShown.current) return;
    isShown.current = true;
    if (hasArrived.current) heading.current?.focus({ preventScroll: true });
    hasArrived.current = true;
  }, [hasArrived]);
  return heading;
}

/** For the first field of a page: it takes the focus if the browser has just loaded the document with this page. */
export function useFirstFieldFocus<Field extends HTMLElement>(): RefObject<Field | null> {
  const field = useRef<Field>(null);
  const hasArrived = useContext(ArrivalContext);
  // Decided before the heading's effect, which counts this page as shown.
  const isFirst = useRef(!hasArrived.current);
  useEffect(() => {
    if (isFirst.current) field.current?.focus();
  }, []);
  return field;
}
