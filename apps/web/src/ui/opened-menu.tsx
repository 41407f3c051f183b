import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { classNames } from './class-names.ts';
import { type MenuItem, menuButtonClass } from './menu-item.ts';

/** The button and its menu, open at first. Arrow keys, Home, End and letters move in it; Escape returns to the button. */
export function OpenedMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" aria-label={label} className={menuButtonClass}>
          <Ellipsis aria-hidden className="size-5" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-40 min-w-48 animate-appear rounded-xl border border-line bg-surface p-1 shadow-float"
        >
          {items.map(({ label: text, icon: Icon, isDangerous, onSelect }) => (
            <DropdownMenu.Item
              key={text}
              onSelect={onSelect}
              className={classNames(
                'flex min-h-10 cursor-pointer select-none items-center gap-2.5 rounded-lg border border-transparent px-3 text-sm outline-none data-highlighted:border-edge data-highlighted:bg-ink/6',
                isDangerous ? 'text-danger' : 'text-ink',
              )}
            >
              <Icon aria-hidden className="size-4" />
              {text}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
