import { type CSSProperties, useEffect, useRef } from 'react';
import { Toaster, toast } from 'sonner';
import { answerOffer, type Toast } from './toasts.ts';

const colours = {
  '--normal-bg': 'var(--color-surface)',
  '--normal-border': 'var(--color-line)',
  '--normal-text': 'var(--color-ink)',
  '--border-radius': '0.75rem',
  '--width': '22rem',
};

/** How long an offer stands, in milliseconds. A pointer or the focus on the toasts stops the clock. */
const offerDuration = 6000;

/** Shows each toast once. `skipped` is how many of the first are not shown. */
export function ToastList({ toasts, skipped }: { toasts: readonly Toast[]; skipped: number }) {
  const shown = useRef(skipped);
  useEffect(() => {
    for (const { id, text, offer, isOver } of toasts.slice(shown.current)) {
      if (isOver) continue;
      const pass = () => void answerOffer(id, false);
      toast.success(text, {
        id,
        ...(offer && {
          duration: offerDuration,
          action: { label: offer.label, onClick: () => void answerOffer(id, true) },
          onAutoClose: pass,
          onDismiss: pass,
        }),
      });
    }
    // Its button would promise what is no longer possible.
    for (const { id } of toasts.slice(skipped, shown.current).filter((one) => one.offer && one.isOver))
      toast.dismiss(id);
    shown.current = toasts.length;
  }, [toasts, skipped]);
  return (
    <Toaster
      position="bottom-right"
      style={colours as CSSProperties}
      toastOptions={{ className: 'font-sans' }}
    />
  );
}
