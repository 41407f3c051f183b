import { type ReactNode, Suspense } from 'react';
import { explanations, timeClaims } from '../../token/claims.ts';
import type { InspectedPart } from '../../token/inspect.ts';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Panel } from '../../ui/panel.tsx';
import { absoluteTime, relativeTime } from '../../ui/time.tsx';
import { ClaimInput } from './claim-input.tsx';

const JsonView = lazyPart(() => import('../../ui/json-view.tsx'), 'JsonView');

type PartPanelProps = {
  title: string;
  description: string;
  /** The colour of this part, as a text colour. */
  colour: string;
  part: InspectedPart;
  /** Milliseconds, by the API's clock. */
  now: number;
  isJson: boolean;
  /** Where the members may be changed. */
  onChange?: (name: string, value: unknown) => void;
  changed?: readonly string[];
  actions?: ReactNode;
};

/** Header or payload of a token: a row for each member, or the JSON. */
export function PartPanel({
  title,
  description,
  colour,
  part,
  now,
  isJson,
  onChange,
  changed = [],
  actions,
}: PartPanelProps) {
  const members = Object.entries(part.members ?? {});
  return (
    <Panel title={title} description={description} actions={actions}>
      {part.fault && <p className="text-danger text-sm">{part.fault}</p>}
      {part.members && isJson && (
        <Suspense>
          <JsonView value={part.members} label={title} />
        </Suspense>
      )}
      {part.members && !isJson && (
        <dl className="divide-y divide-line">
          {members.map(([name, value]) => (
            <div key={name} className="grid gap-x-4 gap-y-1 py-2.5 text-sm sm:grid-cols-[4rem_minmax(0,1fr)]">
              <dt className={`pt-1.5 font-medium font-mono ${colour}`}>{name}</dt>
              <dd className="min-w-0">
                {onChange ? (
                  <ClaimInput
                    name={name}
                    value={value}
                    isChanged={changed.includes(name)}
                    onChange={onChange}
                  />
                ) : (
                  <code className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">
                    {JSON.stringify(value)}
                  </code>
                )}
                <Meaning name={name} value={value} now={now} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

/** What the member is for, with its source; a time also in words. */
function Meaning({ name, value, now }: { name: string; value: unknown; now: number }) {
  const explanation = explanations[name];
  const isTime = timeClaims.includes(name) && typeof value === 'number' && Math.abs(value) < 8e12;
  return (
    <>
      {isTime && (
        <span className="block tabular-nums">{`${relativeTime(value * 1000, now)}: ${absoluteTime(value * 1000)}`}</span>
      )}
      <span className="block text-muted">
        {explanation?.meaning ?? 'Not a claim that Signet knows'}{' '}
        {explanation?.source && (
          <a
            href={explanation.source.url}
            target="_blank"
            rel="noreferrer"
            className="whitespace-nowrap text-xs underline decoration-edge/60 underline-offset-3 hover:text-ink"
          >
            {explanation.source.name}
          </a>
        )}
      </span>
    </>
  );
}
