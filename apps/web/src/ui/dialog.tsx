import { X } from 'lucide-react';
import { AlertDialog, Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { useReturnFocus } from './return-focus.ts';

const overlayClass = 'fixed inset-0 z-40 animate-appear bg-scrim';
const contentClass =
  'fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-md -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-float';

type DialogProps = {
  onClose: () => void;
  title: string;
  description: string;
  children: ReactNode;
};

/**
 * Open as long as it is mounted. Escape, the cross and a click outside close
 * it; the focus returns to where it was.
 */
export function Dialog({ onClose, title, description, children }: DialogProps) {
  const returnFocus = useReturnFocus();
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayClass} />
        <Primitive.Content className={contentClass} onCloseAutoFocus={returnFocus}>
          <Primitive.Title className="pr-10 font-semibold text-lg tracking-tight">{title}</Primitive.Title>
          <Primitive.Description className="mt-1 mb-5 text-muted text-sm">
            {description}
          </Primitive.Description>
          {children}
          <Primitive.Close
            aria-label="Close"
            className="absolute top-4 right-4 grid size-9 place-items-center rounded-lg text-muted hover:bg-ink/6 hover:text-ink"
          >
            <X aria-hidden className="size-5" />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type ConfirmDialogProps = {
  onClose: () => void;
  title: string;
  description: ReactNode;
  /** What will be done, as a verb: "Delete user". */
  action: string;
  isBusy: boolean;
  onConfirm: () => void;
  /** The error of the last attempt. */
  problem?: ReactNode;
};

/** Asks for confirmation before something that cannot be undone. */
export function ConfirmDialog({
  onClose,
  title,
  description,
  action,
  isBusy,
  onConfirm,
  problem,
}: ConfirmDialogProps) {
  const returnFocus = useReturnFocus();
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content className={contentClass} onCloseAutoFocus={returnFocus}>
          <AlertDialog.Title className="font-semibold text-lg tracking-tight [overflow-wrap:anywhere]">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted [overflow-wrap:anywhere]">
            {description}
          </AlertDialog.Description>
          {problem && <div className="mt-4">{problem}</div>}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="danger" busy={isBusy} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
