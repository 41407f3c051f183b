import { useSyncExternalStore } from 'react';
import { useAuth } from '../session/auth-context.tsx';

/**
 * Says that the browser keeps nothing, on every page, because the
 * consequence comes later: at the next reload.
 */
export function StorageBanner() {
  const { storage } = useAuth();
  const keepsData = useSyncExternalStore(storage.subscribe, storage.keepsData);
  if (keepsData) return null;
  return (
    <p role="status" className="border-line border-b bg-sunken px-4 py-2.5 text-center text-sm">
      <span className="font-medium">Your browser does not let this site store data.</span>{' '}
      <span className="text-muted">Your sign-in lasts until you reload this tab.</span>
    </p>
  );
}
