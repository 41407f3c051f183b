import type { ReactNode } from 'react';
import { useArrivalFocus } from './arrival.ts';
import { classNames } from './class-names.ts';

type PageProps = {
  title: string;
  /** What the browser's tab shows, where that is not the title. */
  tab?: string;
  /** Whether a title that is longer than its line is cut off, because it may be as long as a name. */
  isClipped?: boolean;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** The title, which the browser's tab shows too, and the content of a page. */
export function Page({ title, tab = title, isClipped = false, description, actions, children }: PageProps) {
  return (
    <>
      <title>{`${tab} · Signet`}</title>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
        <div className="min-w-0 max-w-full sm:grow sm:basis-96">
          <PageHeading isClipped={isClipped}>{title}</PageHeading>
          {description && <div className="mt-1.5 max-w-2xl text-pretty text-muted">{description}</div>}
        </div>
        {actions}
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5 sm:gap-6">{children}</div>
    </>
  );
}

/** The h1 of a page, which gets the focus when the page replaces another one. */
export function PageHeading({ isClipped = false, children }: { isClipped?: boolean; children: ReactNode }) {
  const heading = useArrivalFocus<HTMLHeadingElement>();
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className={classNames(
        'font-semibold text-2xl tracking-tight outline-none sm:text-3xl',
        isClipped ? 'truncate' : '[overflow-wrap:anywhere]',
      )}
    >
      {children}
    </h1>
  );
}
