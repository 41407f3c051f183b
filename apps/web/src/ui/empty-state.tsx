import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyStateProps = { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode };

/** Says that a list is empty, and what to do about it. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <span className="grid size-12 place-items-center rounded-2xl bg-ink/6 text-muted">
        <Icon aria-hidden className="size-6" />
      </span>
      <p className="mt-1 font-semibold">{title}</p>
      {children && <div className="max-w-prose text-muted text-sm [overflow-wrap:anywhere]">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
