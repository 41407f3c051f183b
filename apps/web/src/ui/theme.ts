import { z } from 'zod';
import { createKeptStorage } from '../browser/storage.ts';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `public/start.js` reads the same key, to apply the theme before the first paint. */
const key = 'signet-theme';

const storage = createKeptStorage(() => window.localStorage);

const listeners = new Set<() => void>();

export function subscribeToTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function readTheme(): Theme {
  return Theme.safeParse(storage.getItem(key)).data ?? 'system';
}

export function chooseTheme(theme: Theme) {
  if (theme === 'system') {
    storage.removeItem(key);
    delete document.documentElement.dataset.theme;
  } else {
    storage.setItem(key, theme);
    document.documentElement.dataset.theme = theme;
  }
  for (const listener of listeners) listener();
}

/** The theme that is not shown. */
export function otherTheme(): 'light' | 'dark' {
  const theme = readTheme();
  if (theme !== 'system') return theme === 'dark' ? 'light' : 'dark';
  return window.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'light' : 'dark';
}
