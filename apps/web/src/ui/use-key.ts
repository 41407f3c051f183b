import { useEffect, useRef } from 'react';
import { areShortcutsOn } from './shortcut.ts';

/** Where a key is written or belongs to something that lies over the page. */
const busy = 'input, textarea, select, [role=dialog], [role=alertdialog], [role=menu]';

/** Does `act` when this key alone is pressed, unless the reader is typing, has a dialog open or has turned the keys off. */
export function useKey(key: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(busy)) return;
      if (!areShortcutsOn()) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key]);
}
