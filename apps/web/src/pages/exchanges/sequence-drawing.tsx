import {
  AppWindow,
  Check,
  Cookie,
  Database,
  DoorClosed,
  DoorOpen,
  Globe,
  KeyRound,
  Network,
  Server,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';
import type { Entry } from '../exchange-entries.ts';
import { type Lane, lanesOf, type Step, stepsOf } from './sequence.ts';
import { shortMilliseconds } from './short-milliseconds.ts';

const laneIcons = { page: AppWindow, browser: Globe, nginx: Network, API: Server, database: Database };

const colours: Record<Step['look'], string> = {
  solid: 'text-ink',
  dotted: 'text-muted',
  refused: 'text-danger',
};

/** The call as a drawing, and as an ordered list that says the same: the drawing is for the eye alone. */
export function Sequence({ entry }: { entry: Entry }) {
  const steps = stepsOf(entry);
  return (
    <>
      <Drawing steps={steps} lanes={lanesOf(entry)} />
      <ol aria-label="What happened, in order" className="grid gap-2.5 text-sm sm:sr-only">
        {steps.map((step) => (
          <li key={keyOf(step)} className="flex gap-3 [overflow-wrap:anywhere]">
            <LaneIcon lane={step.from} />
            <div className="min-w-0">
              <span className="text-muted text-xs">
                {step.from === step.to ? `in the ${step.from}` : `${step.from} to ${step.to}`}
                {step.at !== undefined && ` · ${shortMilliseconds(step.at)}`}
              </span>
              <span className={classNames('block font-medium', step.look === 'refused' && 'text-danger')}>
                {step.label}
              </span>
              <Details step={step} />
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

function LaneIcon({ lane }: { lane: Lane }) {
  const Icon = laneIcons[lane];
  return <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />;
}

/** Lanes with arrows between them, in HTML: text keeps its size at every width, and wraps instead of being cut. */
function Drawing({ steps, lanes }: { steps: readonly Step[]; lanes: readonly Lane[] }) {
  const middleOf = (lane: Lane) => ((lanes.indexOf(lane) + 0.5) / lanes.length) * 100;
  return (
    <div aria-hidden className="hidden pl-14 text-xs leading-snug sm:block">
      <div className="grid" style={{ gridTemplateColumns: `repeat(${lanes.length}, minmax(0, 1fr))` }}>
        {lanes.map((lane) => (
          <div key={lane} className="flex items-center justify-center gap-1.5 pb-2 font-semibold text-sm">
            <LaneIcon lane={lane} />
            {lane}
          </div>
        ))}
      </div>
      <div className="relative pt-1 pb-4">
        {lanes.map((lane) => (
          <div
            key={lane}
            className={classNames(
              'absolute inset-y-0 -translate-x-1/2',
              // What happens here, script does not see.
              lane === 'browser' ? 'w-3 rounded-full bg-ink/8' : 'w-0.5 bg-line',
            )}
            style={{ left: `${middleOf(lane)}%` }}
          />
        ))}
        {steps.map((step, index) => (
          <div
            key={keyOf(step)}
            className="relative animate-appear"
            style={{ marginTop: gapBefore(steps, index) }}
          >
            {step.at !== undefined && (
              <span className="absolute top-0 -left-14 w-12 text-right text-muted tabular-nums">
                {shortMilliseconds(step.at)}
              </span>
            )}
            {step.from === step.to ? (
              <Inside step={step} left={middleOf(step.from)} />
            ) : (
              <Arrow step={step} from={middleOf(step.from)} to={middleOf(step.to)} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Pixels: more where more time passed, on a logarithmic scale. */
function gapBefore(steps: readonly Step[], index: number): number {
  const at = steps[index]?.at;
  const before = steps.slice(0, index).findLast((step) => step.at !== undefined)?.at;
  const passed = at === undefined || before === undefined ? 0 : Math.max(0, at - before);
  return 8 + Math.round(Math.min(32, 5 * Math.log2(1 + passed)));
}

function Arrow({ step, from, to }: { step: Step; from: number; to: number }) {
  const isRight = to > from;
  return (
    <div
      className="text-center"
      style={{ marginLeft: `${Math.min(from, to)}%`, width: `${Math.abs(to - from)}%` }}
    >
      <p className={classNames('px-3 font-semibold', step.look === 'refused' && 'text-danger')}>
        <Over>{step.label}</Over>
      </p>
      <div className={classNames('relative h-3', colours[step.look])}>
        <div
          className={classNames(
            'absolute inset-x-0 top-1.5 -translate-y-1/2 border-current border-t-2',
            isRight ? 'right-0.5' : 'left-0.5',
            step.look === 'dotted' && 'border-dashed',
          )}
        />
        <svg
          aria-hidden
          viewBox="0 0 8 12"
          className={classNames('absolute top-0 h-3 w-2', isRight ? 'right-0' : 'left-0 rotate-180')}
        >
          <path d="M0 0 8 6 0 12Z" fill="currentColor" />
        </svg>
      </div>
      <div className="px-3">
        <Details step={step} />
      </div>
    </div>
  );
}

/** What one side decides by itself. */
function Inside({ step, left }: { step: Step; left: number }) {
  return (
    <div className="relative pl-4" style={{ marginLeft: `${left}%` }}>
      <span
        className={classNames(
          'absolute top-0.5 -left-1.5 size-3 rounded-full border-2 border-surface bg-current',
          colours[step.look],
        )}
      />
      <p className={classNames('font-semibold', step.look === 'refused' && 'text-danger')}>
        <Over>{step.label}</Over>
      </p>
      <Details step={step} />
    </div>
  );
}

/** Text over the line of a lane. */
function Over({ children }: { children: ReactNode }) {
  return <span className="bg-surface [overflow-wrap:anywhere]">{children}</span>;
}

function Details({ step: { detail, carried, asked, gate } }: { step: Step }) {
  const Gate = gate === 'open' ? DoorOpen : DoorClosed;
  return (
    <>
      {carried?.map(({ what, text }) => (
        <Marked key={text} icon={what === 'key' ? KeyRound : Cookie}>
          {text}
        </Marked>
      ))}
      {asked?.map(({ what, granted }) => (
        <Marked key={what} icon={granted ? Check : X} isRefused={!granted}>
          {`${what}${granted ? '' : ': not granted'}`}
        </Marked>
      ))}
      {detail && (gate ? <Marked icon={Gate}>{detail}</Marked> : <p className="text-muted">{detail}</p>)}
    </>
  );
}

type MarkedProps = { icon: typeof KeyRound; isRefused?: boolean; children: string };

function Marked({ icon: Icon, isRefused = false, children }: MarkedProps) {
  return (
    <p className={isRefused ? 'font-medium text-danger' : 'text-muted'}>
      <Icon aria-hidden className="mr-1 inline size-3.5 align-[-0.15em]" />
      <Over>{children}</Over>
    </p>
  );
}

/** No call has two steps of one label between the same lanes. */
function keyOf({ from, to, label }: Step): string {
  return `${from} ${to} ${label}`;
}
