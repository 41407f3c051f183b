import { classNames } from './class-names.ts';
import { Skeleton } from './skeleton.tsx';

type LoadingRowsProps = {
  label: string;
  rows?: number;
  /** The height of a row. */
  rowClass: string;
  /** What is above the first row, on the same surface: by default the head of a table that cards have not. */
  headClass?: string;
  /** Whether each row is a card of its own where the window is narrow. */
  areCards?: boolean;
};

/** In the place of a list while it loads: rows as high as those that come, on a surface as theirs. */
export function LoadingRows({
  label,
  rows = 8,
  rowClass,
  headClass = 'hidden h-[2.8125rem] md:block',
  areCards = false,
}: LoadingRowsProps) {
  return (
    <div
      role="status"
      className={
        areCards
          ? 'grid gap-3 md:gap-0 md:overflow-hidden md:rounded-2xl md:border md:border-line md:bg-surface md:shadow-panel'
          : 'overflow-hidden rounded-2xl border border-line bg-surface shadow-panel'
      }
    >
      <span className="sr-only">{label}</span>
      <span className={classNames('border-line border-b', headClass)} />
      {Array.from({ length: rows }, (_, row) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same and never change places
          key={row}
          className={classNames(
            'flex items-center justify-between gap-4 border-line px-5',
            areCards
              ? 'rounded-2xl border bg-surface shadow-panel md:rounded-none md:border-0 md:border-b md:shadow-none md:last:border-b-0'
              : 'border-b last:border-b-0',
            rowClass,
          )}
        >
          <Skeleton className="h-4 w-48 max-w-3/5" />
          <Skeleton className="h-4 w-12" />
        </span>
      ))}
    </div>
  );
}
