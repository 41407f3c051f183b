import type { LucideIcon } from 'lucide-react';

/** An action in a menu. */
export type MenuItem = {
  label: string;
  icon: LucideIcon;
  /** Marks what cannot be undone. */
  isDangerous?: boolean;
  onSelect: () => void;
};

/** The look of the button that opens a menu, above the link that covers its row. */
export const menuButtonClass =
  'relative z-1 inline-grid size-9 place-items-center rounded-lg border border-transparent text-muted hover:bg-ink/6 hover:text-ink';
