let messages: readonly string[] = [];
const listeners = new Set<() => void>();

/** Shows a message about a success, for a few seconds. */
export function notify(message: string) {
  messages = [...messages, message];
  for (const listener of listeners) listener();
}

/** Every message since the page was opened, oldest first. */
export const toastMessages = {
  get: () => messages,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
