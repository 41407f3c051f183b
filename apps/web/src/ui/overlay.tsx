import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { useReturnFocus } from './return-focus.ts';

type OverlayProps = {
  /** Its name for a screen reader; it is not shown. */
  title: string;
  onClose: () => void;
  /** Where it is, and how it looks. */
  className: string;
  closeClassName: string;
  children: ReactNode;
};

/**
 * Something that lies over the page and takes the focus until Escape, the cross or a click outside closes it. Open as
 * long as it is mounted.
 */
export function Overlay({ title, onClose, className, closeClassName, children }: OverlayProps) {
  const returnFocus = useReturnFocus();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className={classNames('fixed z-50 border-line shadow-float', className)}
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {children}
          <Dialog.Close
            aria-label="Close"
            className={classNames('absolute grid place-items-center rounded-lg', closeClassName)}
          >
            <X aria-hidden className="size-5" />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
