import { type ReactNode, type Ref, useId } from 'react';
import { classNames } from './class-names.ts';

type PanelProps = {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  /** A red edge, for what cannot be undone. */
  isDangerous?: boolean;
  /** The heading, for a page that moves the focus there. */
  heading?: Ref<HTMLHeadingElement>;
  children: ReactNode;
};

/** A titled part of a page. */
export function Panel({ title, description, actions, isDangerous = false, heading, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classNames(
        'min-w-0 rounded-2xl border bg-surface shadow-panel',
        isDangerous ? 'border-danger/60' : 'border-line',
      )}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3 px-5 pt-5 sm:px-6">
        <div className="min-w-0 grow basis-64">
          <h2
            ref={heading}
            id={id}
            {...(heading && { tabIndex: -1 })}
            className="scroll-mt-20 font-semibold text-lg tracking-tight outline-none lg:scroll-mt-6"
          >
            {title}
          </h2>
          {description && <p className="mt-0.5 max-w-2xl text-pretty text-muted text-sm">{description}</p>}
        </div>
        {actions}
      </div>
      <div className="px-5 pt-4 pb-5 sm:px-6 sm:pb-6">{children}</div>
    </section>
  );
}
