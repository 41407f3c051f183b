import { useSyncExternalStore } from 'react';

let isOpen = false;
const listeners = new Set<() => void>();

/** Notes whether the doctor, when it last looked, found a fault. */
export function noteFinding(isFound: boolean): void {
  isOpen = isFound;
  for (const listener of listeners) listener();
}

/** Whether a fault that the doctor found may still be there. */
export function useOpenFinding(): boolean {
  return useSyncExternalStore(subscribe, () => isOpen);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
