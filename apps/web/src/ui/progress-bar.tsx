/** `done` is from 0 to 1. */
export function ProgressBar({ label, done }: { label: string; done: number }) {
  const percent = Math.round(done * 100);
  return (
    <div className="grid gap-1.5">
      <p className="flex justify-between gap-4 text-muted text-sm">
        <span>{label}</span>
        <span className="tabular-nums">{percent}%</span>
      </p>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 overflow-hidden rounded-full border border-transparent bg-ink/8"
      >
        <div
          className="h-full rounded-full bg-ink forced-colors:bg-[Highlight] forced-color-adjust-none transition-[width] duration-150"
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  );
}
