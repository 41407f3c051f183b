import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { isLoneKey } from '../../ui/use-key.ts';
import { entries } from '../sections.ts';

/** The second key belongs to the first for this long. */
const patienceMs = 1500;

const isMac = /^(Mac|iP)/.test(navigator.platform);

/** `g` and then the letter of a page leads there. Ctrl + K, or ⌘ K, calls `onPalette`. */
export function useGoKeys(onPalette: () => void): void {
  const navigate = useNavigate();
  const latest = useRef({ navigate, onPalette });
  latest.current = { navigate, onPalette };
  useEffect(() => {
    let begun = Number.NEGATIVE_INFINITY;
    const act = (event: KeyboardEvent) => {
      if (isPaletteKey(event)) return latest.current.onPalette;
      if (!isLoneKey(event)) return undefined;
      const isSecond = event.timeStamp - begun < patienceMs;
      begun = event.key === 'g' && !isSecond ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (event.key === 'g') return () => undefined;
      const to = isSecond && entries.find(({ key }) => key === event.key)?.to;
      return to ? () => latest.current.navigate(to) : undefined;
    };
    const listen = (event: KeyboardEvent) => {
      const action = act(event);
      if (!action) return;
      event.preventDefault();
      // The letter alone may be a key of the page.
      event.stopPropagation();
      action();
    };
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
}

function isPaletteKey(event: KeyboardEvent): boolean {
  const { key, altKey, shiftKey, target } = event;
  if (key !== 'k' || altKey || shiftKey || !(isMac ? event.metaKey : event.ctrlKey)) return false;
  return !(target instanceof Element && target.closest('[role=dialog], [role=alertdialog]'));
}
