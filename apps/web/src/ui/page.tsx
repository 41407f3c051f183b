import type { ReactNode } from 'react';

type PageProps = { title: string; description?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The title, which the browser's tab shows too, and the content of a page. */
export function Page({ title, description, actions, children }: PageProps) {
  return (
    <>
      <title>{`${title} · Signet`}</title>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
        <div className="min-w-0">
          <h1 className="font-semibold text-2xl tracking-tight [overflow-wrap:anywhere] sm:text-3xl">
            {title}
          </h1>
          {description && <p className="mt-1.5 max-w-2xl text-pretty text-muted">{description}</p>}
        </div>
        {actions}
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5 sm:gap-6">{children}</div>
    </>
  );
}
