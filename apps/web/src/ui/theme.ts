import { z } from 'zod';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** Also read by `public/theme.js`, which applies it before the first paint. */
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
