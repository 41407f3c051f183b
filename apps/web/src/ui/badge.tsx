import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type Tone = 'neutral' | 'ok' | 'warning' | 'danger';

const tones: Record<Tone, string> = {
  neutral: 'bg-ink/7 text-ink',
  ok: 'bg-ok/10 text-ok',
  warning: 'bg-warning/12 text-warning',
  danger: 'bg-danger/10 text-danger',
};

/** The tones are of a status. Facts, such as a role, are neutral; the colours of a token are for its parts only. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-md border border-transparent px-1.5 py-0.5 font-medium text-xs',
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
