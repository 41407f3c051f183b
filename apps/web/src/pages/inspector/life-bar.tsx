import { countdown } from '../../ui/time.tsx';

/** How much of its life a token has left, from `iat` to `exp`. Seconds; `now` in milliseconds. */
export function LifeBar({ iat, exp, now }: { iat: number; exp: number; now: number }) {
  const left = exp * 1000 - now;
  const share = Math.min(1, Math.max(0, left / ((exp - iat) * 1000)));
  return (
    <div className="grid gap-1.5 text-sm">
      <p className="flex justify-between gap-4">
        <span>{left > 0 ? 'Expires in' : 'Expired'}</span>
        <span className="font-mono tabular-nums">{countdown(left)}</span>
      </p>
      <div aria-hidden className="h-2 overflow-hidden rounded-full border border-transparent bg-ink/8">
        <div className="h-full bg-ink forced-colors:bg-[Highlight]" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
