import { ArrowUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** A button that appears once the reader is far down a long list. */
export function BackToTop() {
  const [isFar, setIsFar] = useState(false);
  useEffect(() => {
    const measure = () => setIsFar(window.scrollY > 2 * window.innerHeight);
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    return () => window.removeEventListener('scroll', measure);
  }, []);
  if (!isFar) return null;
  return (
    <Button
      look="floating"
      size="small"
      className="fixed bottom-4 left-1/2 z-30 -translate-x-1/2 print:hidden"
      onClick={() => {
        window.scrollTo(0, 0);
        // The button disappears, and the focus would be lost with it.
        document.querySelector('main')?.focus({ preventScroll: true });
      }}
    >
      <ArrowUp aria-hidden className="size-4" />
      Back to top
    </Button>
  );
}
