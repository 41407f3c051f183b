import { X } from 'lucide-react';
import { AlertDialog, Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { useReturnFocus } from './return-focus.ts';

const overlayClass = 'fixed inset-0 z-40 animate-appear bg-scrim';
const contentClass =
  'fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-md -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-float';

type DialogProps = {
  onClose: () => void;
  title: string;
  description: string;
  /** Whether something was entered, which closing would lose. */
  isChanged?: boolean;
  children: ReactNode;
};

/**
 * Open as long as it is mounted. Escape, the cross and a click outside close it, after a question if something was
 * entered; the focus returns to where it was.
 */
export function Dialog({ onClose, title, description, isChanged = false, children }: DialogProps) {
  const returnFocus = useReturnFocus();
  const [isAsking, setIsAsking] = useState(false);
  const close = () => (isChanged ? setIsAsking(true) : onClose());
  return (
    <Primitive.Root open onOpenChange={(open) => !open && close()}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayClass} />
        <Primitive.Content
          className={contentClass}
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={returnFocus}
        >
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
          {isAsking && <DiscardDialog onDiscard={onClose} onKeep={() => setIsAsking(false)} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Before the first field there may be a button that discards a draft, which the next press of Enter must not find. */
function focusFirstField(event: Event) {
  const field =
    event.target instanceof Element &&
    event.target.querySelector<HTMLElement>('form :is(input:not([hidden]), select, textarea)');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

/** Asks before a form is closed that has something in it. */
export function DiscardDialog({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  return (
    <ConfirmDialog
      onClose={onKeep}
      title="Discard changes?"
      description="What you entered will be lost."
      action="Discard changes"
      cancel="Keep editing"
      isBusy={false}
      onConfirm={onDiscard}
    />
  );
}

type ConfirmDialogProps = {
  onClose: () => void;
  title: string;
  description: ReactNode;
  /** What will be done, as a verb: "Delete user". */
  action: string;
  /** The button that changes nothing. */
  cancel?: string;
  isBusy: boolean;
  /** Whether what the dialog asks for is given; until then the action is off. */
  isReady?: boolean;
  onConfirm: () => void;
  /** The error of the last attempt. */
  problem?: ReactNode;
  /** What the dialog asks for: fields. */
  children?: ReactNode;
};

/** Asks for confirmation before something that cannot be undone. */
export function ConfirmDialog({
  onClose,
  title,
  description,
  action,
  cancel = 'Cancel',
  isBusy,
  isReady = true,
  onConfirm,
  problem,
  children,
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
          {/* A form, so that Enter in one of its fields confirms. */}
          <form
            noValidate
            onSubmit={(event) => {
              // React passes the event on to a form that this dialog was opened from.
              event.stopPropagation();
              event.preventDefault();
              if (isReady && !isBusy) onConfirm();
            }}
          >
            {children && <div className="mt-4 grid gap-4">{children}</div>}
            {problem && <div className="mt-4">{problem}</div>}
            <div className="mt-6 flex flex-wrap justify-end gap-2">
              <AlertDialog.Cancel asChild>
                <Button>{cancel}</Button>
              </AlertDialog.Cancel>
              <Button type="submit" look="danger" busy={isBusy} disabled={!isReady}>
                {action}
              </Button>
            </div>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
