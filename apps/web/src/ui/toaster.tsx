import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { toastMessages } from './toasts.ts';

const ToastList = lazy(() => import('./toast-list.tsx').then((module) => ({ default: module.ToastList })));

/** Where `notify` shows its messages. What draws them is loaded when there is a first one. */
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
