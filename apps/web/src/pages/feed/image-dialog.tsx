import type { ReactNode } from 'react';
import { Overlay } from '../../ui/overlay.tsx';

type ImageDialogProps = { title: string; onClose: () => void; children: ReactNode };

/** An image as large as the window allows. */
export function ImageDialog({ title, onClose, children }: ImageDialogProps) {
  return (
    <Overlay
      title={title}
      onClose={onClose}
      className="inset-2 m-auto grid h-fit max-h-[calc(100dvh-1rem)] w-fit max-w-[calc(100vw-1rem)] overflow-auto rounded-2xl border bg-surface p-2 sm:inset-6"
      closeClassName="top-4 right-4 size-10 border border-line bg-surface text-ink shadow-float hover:border-edge"
    >
      {children}
    </Overlay>
  );
}
