import { z } from 'zod';
import { createKeptStorage } from '../browser/storage.ts';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `public/start.js` reads the same key, to apply the theme before the first paint. */
const key = 'signet-theme';

const storage = createKeptStorage(() => window.localStorage);

export function readTheme(): Theme {
  return Theme.safeParse(storage.getItem(key)).data ?? 'system';
}

export function chooseTheme(theme: Theme) {
  if (theme === 'system') {
    storage.removeItem(key);
    delete document.documentElement.dataset.theme;
    return;
  }
  storage.setItem(key, theme);
  document.documentElement.dataset.theme = theme;
}
