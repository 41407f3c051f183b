import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type Tone = 'neutral' | 'header' | 'payload' | 'signature' | 'danger';

const tones: Record<Tone, string> = {
  neutral: 'bg-ink/7 text-ink',
  header: 'bg-header/10 text-header',
  payload: 'bg-payload/10 text-payload',
  signature: 'bg-signature/10 text-signature',
  danger: 'bg-danger/10 text-danger',
};

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-md px-1.5 py-0.5 font-medium text-xs',
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
