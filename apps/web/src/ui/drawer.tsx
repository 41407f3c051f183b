import type { ReactNode } from 'react';
import { Overlay } from './overlay.tsx';

type DrawerProps = { onClose: () => void; title: string; children: ReactNode };

/** A panel from the left edge, for windows too narrow for a sidebar. Open as long as it is mounted. */
export function Drawer({ onClose, title, children }: DrawerProps) {
  return (
    <Overlay
      title={title}
      onClose={onClose}
      className="inset-y-0 left-0 flex w-72 max-w-[85vw] animate-slide flex-col overflow-y-auto border-r bg-page p-4"
      closeClassName="top-3.5 right-3 size-9 text-muted hover:bg-ink/6 hover:text-ink"
    >
      {children}
    </Overlay>
  );
}
