import type { ReactNode } from 'react';

type PartCardProps = { part: string; title: string; colour: string; bar: string; children: ReactNode };

/** A card about one part of the token, in the part's colour. */
export function PartCard({ part, title, colour, bar, children }: PartCardProps) {
  return (
    <section
      aria-labelledby={`part-${part}`}
      className="flex min-w-0 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-panel"
    >
      <span aria-hidden className={`h-1 forced-color-adjust-none ${bar}`} />
      <div className="flex grow flex-col p-5 sm:p-6">
        <p className={`font-medium font-mono text-xs ${colour}`}>{part}</p>
        <h2 id={`part-${part}`} className="mt-1 mb-3 font-semibold text-lg tracking-tight">
          {title}
        </h2>
        {children}
      </div>
    </section>
  );
}

/** In the cookie flow no card can say what is in the token. */
export function HiddenFromPage({ children }: { children: ReactNode }) {
  return <p className="rounded-lg border border-line bg-sunken px-3 py-2 text-sm">{children}</p>;
}
