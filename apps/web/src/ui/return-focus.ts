import { useState } from 'react';

/**
 * For a dialog without a trigger of its own: returns the focus to the element that had it before. If
 * that is gone (its row was deleted), the page's main part gets it; if the focus is elsewhere
 * already (on another page), it stays there.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    // Radix would focus its own trigger, which does not exist, and the focus would be lost.
    event.preventDefault();
    if (document.activeElement && document.activeElement !== document.body) return;
    const target =
      opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector('main');
    target?.focus({ preventScroll: true });
  };
}
