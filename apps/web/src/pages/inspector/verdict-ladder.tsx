import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { Rung } from '../../token/inspect.ts';

const looks = {
  holds: { icon: CircleCheck, word: 'Holds', tone: 'text-ok' },
  fails: { icon: CircleX, word: 'Fails', tone: 'text-danger' },
  unknown: { icon: CircleDashed, word: 'Not checked', tone: 'text-muted' },
} as const;

export type JudgedRung = Rung & { readonly judge: 'this page' | 'the API' };

/** The checks in the order in which the API makes them. The first that fails is where it stops. */
export function VerdictLadder({ rungs }: { rungs: readonly JudgedRung[] }) {
  return (
    <ol className="divide-y divide-line">
      {rungs.map(({ name, state, says, judge }) => {
        const { icon: Icon, word, tone } = looks[state];
        return (
          <li
            key={name}
            className="grid gap-x-4 gap-y-0.5 py-2.5 text-sm sm:grid-cols-[9rem_8rem_minmax(0,1fr)]"
          >
            <span className="font-medium">{name}</span>
            <span className={`flex items-center gap-1.5 font-medium ${tone}`}>
              <Icon aria-hidden className="size-4 shrink-0" />
              {word}
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {says}
              {state !== 'unknown' && <span className="text-muted"> Judged by {judge}.</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
