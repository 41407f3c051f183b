import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

type MenuButtonProps = {
  /** What the button shows. */
  face: ReactNode;
  /** What it is for, which screen readers say before the face. */
  label: string;
  children: (close: () => void) => ReactNode;
};

/** A button at the foot of a column that opens a panel above it. Escape and a press outside close it. */
export function MenuButton({ face, label, children }: MenuButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: Event) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setIsOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setIsOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
      document.removeEventListener('keydown', closeByKey);
    };
  }, [isOpen]);
  return (
    <div ref={box} className="relative">
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full min-w-0 items-center gap-3 rounded-lg border border-transparent p-1.5 text-left hover:bg-ink/5 aria-expanded:bg-ink/5"
      >
        <span className="sr-only">{label}: </span>
        {face}
      </button>
      <div
        id={id}
        hidden={!isOpen}
        className="absolute inset-x-0 bottom-full z-40 mb-2 rounded-xl border border-line bg-surface p-2 shadow-float"
      >
        {isOpen && children(() => setIsOpen(false))}
      </div>
    </div>
  );
}
