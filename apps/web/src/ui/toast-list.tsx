import { type CSSProperties, useEffect, useRef } from 'react';
import { Toaster, toast } from 'sonner';

const colours = {
  '--normal-bg': 'var(--color-surface)',
  '--normal-border': 'var(--color-line)',
  '--normal-text': 'var(--color-ink)',
  '--border-radius': '0.75rem',
  '--width': '22rem',
};

/** Shows each message once. `skipped` is how many of the first are not shown. */
export function ToastList({ messages, skipped }: { messages: readonly string[]; skipped: number }) {
  const shown = useRef(skipped);
  useEffect(() => {
    for (const message of messages.slice(shown.current)) toast.success(message);
    shown.current = messages.length;
  }, [messages]);
  return (
    <Toaster
      position="bottom-right"
      style={colours as CSSProperties}
      toastOptions={{ className: 'font-sans' }}
    />
  );
}
