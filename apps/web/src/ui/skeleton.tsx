import { classNames } from './class-names.ts';

const shapes = { line: 'rounded-md', card: 'rounded-2xl', circle: 'rounded-full', square: '' };

/** A placeholder while something loads, in the shape of what comes. */
export function Skeleton({ shape = 'line', className }: { shape?: keyof typeof shapes; className?: string }) {
  return (
    <span aria-hidden className={classNames('block animate-pulse bg-ink/8', shapes[shape], className)} />
  );
}

export function Loading({
  label,
  rows = 3,
  className,
}: {
  label: string;
  rows?: number;
  className?: string;
}) {
  return (
    <div role="status" className={classNames('grid gap-3', className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same and never change places
        <Skeleton key={row} className="h-12" />
      ))}
    </div>
  );
}
