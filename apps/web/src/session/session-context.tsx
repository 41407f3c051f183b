import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Held } from './session.ts';
import type { SessionState } from './session-state.ts';
import type { Sessions } from './sessions.ts';

const SessionsContext = createContext<Sessions | null>(null);

export function SessionsProvider({ sessions, children }: { sessions: Sessions; children: ReactNode }) {
  return <SessionsContext value={sessions}>{children}</SessionsContext>;
}

export function useSessions(): Sessions {
  const sessions = useContext(SessionsContext);
  if (!sessions) throw new Error('useSessions outside SessionsProvider');
  return sessions;
}

export function useSessionState(): SessionState {
  const sessions = useSessions();
  return useSyncExternalStore(sessions.subscribe, sessions.state);
}

/** What is held of the sign-in; null for the moment between signing out and leaving the page. */
export function useHeld(): Held | null {
  const state = useSessionState();
  return state.status === 'signed-in' ? state.held : null;
}
