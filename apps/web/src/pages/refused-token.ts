import type { TextStore } from '../browser/storage.ts';

const key = 'signet-refused-token';

/** Keeps the token that the API refused, for the inspector, because the reader asked for it. */
export function keepRefusedToken(tabStorage: TextStore, token: string): void {
  tabStorage.setItem(key, token);
}

export function findRefusedToken(tabStorage: TextStore): string | null {
  return tabStorage.getItem(key);
}
