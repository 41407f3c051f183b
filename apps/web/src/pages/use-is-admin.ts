import { useSyncExternalStore } from 'react';
import { useAuth, useStoredSession } from '../session/auth-context.tsx';

/**
 * Whether to show what only admins can use. It is known before the API has answered, so that nothing jumps when it does;
 * the API itself checks the role at every request.
 */
export function useIsAdmin(): boolean {
  const { knownRole } = useAuth();
  const ownerId = useStoredSession()?.ownerId;
  return useSyncExternalStore(knownRole.subscribe, () => ownerId !== undefined && knownRole.isAdmin(ownerId));
}
