import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type AlertProps = { tone?: 'danger' | 'info'; title: string; actions?: ReactNode; children?: ReactNode };

/** Screen readers announce a danger at once, and information at the next pause. */
export function Alert({ tone = 'danger', title, actions, children }: AlertProps) {
  const Icon = tone === 'danger' ? CircleAlert : Info;
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classNames(
        'flex gap-3 rounded-xl border px-4 py-3.5',
        tone === 'danger' ? 'border-danger/35 bg-danger/6' : 'border-line bg-sunken',
      )}
    >
      <Icon
        aria-hidden
        className={classNames('mt-0.5 size-5 shrink-0', tone === 'danger' ? 'text-danger' : 'text-muted')}
      />
      <div className="grid min-w-0 gap-1 text-sm [overflow-wrap:anywhere]">
        <p className="font-semibold">{title}</p>
        {children}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
