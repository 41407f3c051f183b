import { useEffect } from 'react';

/** Whether the browser is certain that there is no network. It cannot be certain of the opposite (HTML standard). */
export function isOffline(): boolean {
  return navigator.onLine === false;
}

/** Calls `retry` as soon as the browser is online again. */
export function useRetryOnline(retry: (() => void) | undefined) {
  useEffect(() => {
    if (!retry) return;
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, [retry]);
}
