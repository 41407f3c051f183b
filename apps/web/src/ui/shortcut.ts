import { createKeptStorage } from '../browser/storage.ts';

const storage = createKeptStorage(() => window.localStorage);

const entry = 'signet-shortcuts';

export function areShortcutsOn(): boolean {
  return storage.getItem(entry) !== 'off';
}

/** A single key is easily pressed by speech input or by a trembling hand, so readers can turn them off (WCAG 2.1.4). */
export function turnShortcuts(state: 'on' | 'off') {
  if (state === 'off') storage.setItem(entry, state);
  else storage.removeItem(entry);
}
