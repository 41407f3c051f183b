import type { Carrier } from '@signet/contracts';
import { Fragment } from 'react';
import { flowTexts } from '../flow-texts.ts';

const owners = { page: 'JavaScript', api: 'API', browser: 'Browser' };

/** What the sign-in of this page came to: `status` is null without an answer. */
export type Attempt = { isPending: true } | { isPending: false; status: number | null; milliseconds: number };

type FlowPreviewProps = { carrier: Carrier; attempt: Attempt | undefined };

/** The requests and answers of the chosen flow, step by step. They light up in order, and again with a real sign-in. */
export function FlowPreview({ carrier, attempt }: FlowPreviewProps) {
  return (
    <ol
      // Another key starts the animation of every step again.
      key={`${carrier} ${attempt?.isPending ?? 'still'}`}
      aria-label={`What happens: ${flowTexts[carrier].title}`}
      className="grid gap-0"
    >
      {flowTexts[carrier].steps.map(({ who, label, lines }, index, { length }) => (
        <li key={label} className="relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 pb-5 last:pb-0">
          {index < length - 1 && (
            <span aria-hidden className="absolute top-7 bottom-0 left-[0.8125rem] w-px bg-line" />
          )}
          <span
            aria-hidden
            className={`grid size-7 place-items-center rounded-full border border-line bg-surface font-medium font-mono text-muted text-xs ${isLit(index, attempt) ? 'animate-light' : ''}`}
            style={{ animationDelay: attempt ? '0ms' : `${index * 350}ms` }}
          >
            {index + 1}
          </span>
          <div className="min-w-0">
            <p className="flex min-h-7 flex-wrap items-center gap-x-2 text-sm">
              <span className="font-medium">{label}</span>
              <span className="text-muted text-xs">{owners[who]}</span>
              <span className="ml-auto font-mono text-xs tabular-nums">{measured(index, attempt)}</span>
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

/** Without a sign-in all steps, one after the other; with one the request, then the answer. */
function isLit(index: number, attempt: Attempt | undefined): boolean {
  return attempt === undefined || index === (attempt.isPending ? 0 : 1);
}

function measured(index: number, attempt: Attempt | undefined): string | undefined {
  if (attempt?.isPending && index === 0) return 'sent';
  if (!attempt || attempt.isPending || index !== 1) return undefined;
  return `${attempt.status ?? 'no answer'}, ${attempt.milliseconds} ms`;
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
