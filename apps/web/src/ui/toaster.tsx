import { Suspense, useState, useSyncExternalStore } from 'react';
import { lazyPart } from './lazy-part.ts';
import { toastMessages } from './toasts.ts';

const ToastList = lazyPart(() => import('./toast-list.tsx'), 'ToastList');

/** Where the messages of `notify` appear. The toast library is loaded with the first one. */
export function Toaster() {
  const messages = useSyncExternalStore(toastMessages.subscribe, toastMessages.get);
  const [earlier] = useState(messages.length);
  if (messages.length === earlier) return null;
  return (
    <Suspense>
      <ToastList messages={messages} skipped={earlier} />
    </Suspense>
  );
}
