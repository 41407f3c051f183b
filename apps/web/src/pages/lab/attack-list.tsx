import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { LabSetup } from '../lab-setup.ts';
import type { Attack } from './attack.ts';
import { AttackCard } from './attack-card.tsx';
import { attackGroups } from './attacks.ts';
import type { Outcome } from './run-attack.ts';

/** All attacks, one of them open. */
export function AttackList({ setup }: { setup: LabSetup }) {
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const first = attackGroups[0]?.attacks[0];
  return (
    <Panel
      title="Attacks"
      description="Each is really sent to your API, with throw-away sign-ins. Your own session stays as it is."
    >
      <div className="grid gap-6">
        {attackGroups.map(({ title, attacks }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 font-medium text-muted text-sm">{title}</h3>
            <div className="divide-y divide-line border-line border-y">
              {attacks.map((attack) => (
                // One name for all: opening one closes the others.
                <details key={attack.id} name="attack" open={attack === first} className="group">
                  <summary className="flex cursor-pointer items-center justify-between gap-3 rounded-md py-3 font-medium hover:text-ink group-open:pb-2">
                    <span className="flex items-center gap-2">
                      <ChevronRight
                        aria-hidden
                        className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90 motion-reduce:transition-none"
                      />
                      <span>{attack.title}</span>
                    </span>
                    <Mark attack={attack} outcome={outcomes[attack.id]} />
                  </summary>
                  <AttackCard
                    attack={attack}
                    setup={setup}
                    onOutcome={(outcome) => setOutcomes((all) => ({ ...all, [attack.id]: outcome }))}
                  />
                </details>
              ))}
            </div>
          </section>
        ))}
      </div>
    </Panel>
  );
}

function Mark({ attack, outcome }: { attack: Attack; outcome: Outcome | undefined }) {
  if (outcome?.kind !== 'tried') return null;
  if (!outcome.isRefused) return <Badge tone="danger">accepted</Badge>;
  return <Badge tone={outcome.rule?.name === attack.rule ? 'ok' : 'warning'}>refused</Badge>;
}
