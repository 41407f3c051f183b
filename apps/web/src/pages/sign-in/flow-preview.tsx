import type { Carrier } from '@signet/contracts';
import { Fragment } from 'react';
import { flowTexts } from './flow-texts.ts';

const owners = { page: 'JavaScript', api: 'API', browser: 'Browser' };

/** The requests and answers of the chosen flow, step by step. */
export function FlowPreview({ carrier }: { carrier: Carrier }) {
  return (
    <ol aria-label={`What happens: ${flowTexts[carrier].title}`} className="grid gap-0">
      {flowTexts[carrier].steps.map(({ who, label, lines }, index, { length }) => (
        <li key={label} className="relative grid grid-cols-[1.75rem_1fr] gap-x-3 pb-5 last:pb-0">
          {index < length - 1 && (
            <span aria-hidden className="absolute top-7 bottom-0 left-[0.8125rem] w-px bg-line" />
          )}
          <span
            aria-hidden
            className="grid size-7 place-items-center rounded-full border border-line bg-surface font-medium font-mono text-muted text-xs"
          >
            {index + 1}
          </span>
          <div className="min-w-0">
            <p className="flex min-h-7 flex-wrap items-center gap-x-2 text-sm">
              <span className="font-medium">{label}</span>
              <span className="text-muted text-xs">{owners[who]}</span>
            </p>
            <pre className="mt-1.5 whitespace-pre-wrap rounded-lg border border-line bg-surface px-3 py-2 font-mono text-[0.8125rem] leading-6 [overflow-wrap:anywhere]">
              <code>
                {lines.map((line) => (
                  <Fragment key={line}>
                    <WireLine line={line} />
                    {'\n'}
                  </Fragment>
                ))}
              </code>
            </pre>
          </div>
        </li>
      ))}
    </ol>
  );
}

function WireLine({ line }: { line: string }) {
  const [before, after] = line.split('@');
  if (after === undefined) return line;
  return (
    <>
      {before}
      <TokenSketch />
      {after}
    </>
  );
}

/** The first characters of a token's three parts, in their colours. */
function TokenSketch() {
  return (
    <>
      <span className="text-header">eyJh…</span>.<span className="text-payload">eyJzdWI…</span>.
      <span className="text-signature">k7Qx…</span>
    </>
  );
}
