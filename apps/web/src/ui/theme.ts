import { z } from 'zod';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `public/theme.js` reads the same key, to apply the theme before the first paint. */
const key = 'signet-theme';

export function readTheme(): Theme {
  return Theme.safeParse(localStorage.getItem(key)).data ?? 'system';
}

export function chooseTheme(theme: Theme) {
  if (theme === 'system') {
    localStorage.removeItem(key);
    delete document.documentElement.dataset.theme;
    return;
  }
  localStorage.setItem(key, theme);
  document.documentElement.dataset.theme = theme;
}
