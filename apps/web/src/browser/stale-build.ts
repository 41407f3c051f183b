import { isOffline } from './online.ts';

const key = 'signet-reloaded-build';

/** Part of the app could not be loaded: there is no network, or a deployment has replaced the files. */
export class PartMissingError extends Error {
  override name = 'PartMissingError' as const;
}

type Dependencies = {
  /** Names the build that this page runs. Another build has another name. */
  build: () => string;
  storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  reload: () => void;
};

/**
 * Returns a function that reloads the page once per build, and says whether it did. A reload brings the new build's
 * page; if the same build comes back, a second reload would not help.
 */
export function createReloadOnce({ build, storage, reload }: Dependencies) {
  return (): boolean => {
    if (isOffline() || !remember()) return false;
    reload();
    return true;
  };

  /** Without a memory that survives the reload, reloading could go on for ever. */
  function remember(): boolean {
    try {
      if (storage().getItem(key) === build()) return false;
      storage().setItem(key, build());
      return storage().getItem(key) === build();
    } catch {
      return false;
    }
  }
}

/** Reloads a page whose build is gone; see {@link createReloadOnce}. */
export const reloadOnce = createReloadOnce({
  // Its name has a hash of the whole build, because it names all other chunks.
  build: () => document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '',
  storage: () => window.sessionStorage,
  reload: () => window.location.reload(),
});
