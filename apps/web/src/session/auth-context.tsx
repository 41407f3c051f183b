import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { AuthClient } from './auth-client.ts';
import type { StoredSession } from './flow.ts';
import type { SessionState } from './session-state.ts';

const AuthContext = createContext<AuthClient | null>(null);

export function AuthProvider({ auth, children }: { auth: AuthClient; children: ReactNode }) {
  return <AuthContext value={auth}>{children}</AuthContext>;
}

export function useAuth(): AuthClient {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth outside AuthProvider');
  return auth;
}

export function useSessionState(): SessionState {
  const auth = useAuth();
  return useSyncExternalStore(auth.subscribe, auth.state);
}

/** What is stored of the sign-in; null between a sign-out and the redirect that follows it. */
export function useStoredSession(): StoredSession | null {
  const state = useSessionState();
  return state.status === 'signed-in' ? state.stored : null;
}
