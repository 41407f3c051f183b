import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { lazyPart } from './lazy-part.ts';
import { allToasts, passOffers } from './toasts.ts';

const ToastList = lazyPart(() => import('./toast-list.tsx'), 'ToastList');

/** Where the messages of `notify` appear. The toast library is loaded with the first one. */
export function Toaster() {
  const toasts = useSyncExternalStore(allToasts.subscribe, allToasts.get);
  const [earlier] = useState(toasts.length);
  useOffersPassedOnLeaving();
  if (toasts.length === earlier) return null;
  return (
    <Suspense>
      <ToastList toasts={toasts} skipped={earlier} />
    </Suspense>
  );
}

/** A hidden page may never come back, and its timers stand still, so nothing that was promised may wait in it. */
function useOffersPassedOnLeaving() {
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === 'hidden') void passOffers();
    };
    const pass = () => void passOffers();
    document.addEventListener('visibilitychange', leave);
    window.addEventListener('pagehide', pass);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      window.removeEventListener('pagehide', pass);
    };
  }, []);
}
