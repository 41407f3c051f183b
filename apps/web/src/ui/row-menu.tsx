import { Ellipsis } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyPart } from './lazy-part.ts';
import { type MenuItem, menuButtonClass } from './menu-item.ts';

const OpenedMenu = lazyPart(() => import('./opened-menu.tsx'), 'OpenedMenu');

/** A button that opens a menu. `label` says whose: "Actions for toby". The menu is loaded when it is first opened. */
export function RowMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [wasOpened, setWasOpened] = useState(false);
  const button = (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      onClick={() => setWasOpened(true)}
      className={menuButtonClass}
    >
      <Ellipsis aria-hidden className="size-5" />
    </button>
  );
  if (!wasOpened) return button;
  return (
    <Suspense fallback={button}>
      <OpenedMenu label={label} items={items} />
    </Suspense>
  );
}
