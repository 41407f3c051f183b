import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { useReturnFocus } from './return-focus.ts';

type DrawerProps = { onClose: () => void; title: string; children: ReactNode };

/** A panel from the left edge, for windows too narrow for a sidebar. Open as long as it is mounted. */
export function Drawer({ onClose, title, children }: DrawerProps) {
  const returnFocus = useReturnFocus();
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] animate-slide flex-col overflow-y-auto border-line border-r bg-page p-4 shadow-float"
        >
          <Primitive.Title className="sr-only">{title}</Primitive.Title>
          {children}
          <Primitive.Close
            aria-label="Close"
            className="absolute top-3.5 right-3 grid size-9 place-items-center rounded-lg text-muted hover:bg-ink/6 hover:text-ink"
          >
            <X aria-hidden className="size-5" />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
