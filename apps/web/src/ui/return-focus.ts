import { useState } from 'react';

/**
 * For what opens above the page and has no trigger of its own: gives the focus back to what had it. Where that is gone
 * (the row was deleted), the page's main part takes it; where it has gone on meanwhile (to another page), it stays.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    // Radix would look for its own trigger instead, and lose the focus.
    event.preventDefault();
    if (document.activeElement && document.activeElement !== document.body) return;
    const target =
      opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector('main');
    target?.focus({ preventScroll: true });
  };
}
