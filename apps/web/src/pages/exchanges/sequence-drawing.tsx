import type { Entry } from './entries.ts';
import { type Lane, lanesOf, type Step, stepsOf } from './sequence.ts';

const width = 720;
const top = 40;
const rowHeight = 46;

const looks: Record<Step['look'], string> = {
  solid: 'stroke-ink',
  dotted: 'stroke-muted [stroke-dasharray:3_4]',
  refused: 'stroke-danger',
};

/** The call as a drawing, and as an ordered list that says the same: the drawing is for the eye alone. */
export function Sequence({ entry }: { entry: Entry }) {
  const steps = stepsOf(entry);
  const lanes = lanesOf(entry);
  return (
    <>
      <Drawing steps={steps} lanes={lanes} />
      <ol aria-label="What happened, in order" className="grid gap-2 text-sm sm:sr-only">
        {steps.map((step) => (
          <li key={keyOf(step)} className="border-line border-l-2 pl-3 [overflow-wrap:anywhere]">
            <span className="text-muted text-xs">
              {step.from === step.to ? `in the ${step.from}` : `${step.from} to ${step.to}`}
            </span>
            <span className={step.look === 'refused' ? 'block font-medium text-danger' : 'block font-medium'}>
              {step.label}
            </span>
            {step.detail && <span className="block text-muted">{step.detail}</span>}
          </li>
        ))}
      </ol>
    </>
  );
}

function Drawing({ steps, lanes }: { steps: readonly Step[]; lanes: readonly Lane[] }) {
  const height = top + rowHeight * steps.length + 16;
  const gap = width / lanes.length;
  const xOf = (lane: Lane) => gap * (lanes.indexOf(lane) + 0.5);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      className="hidden h-auto w-full overflow-visible sm:block"
    >
      {lanes.map((lane) => (
        <g key={lane}>
          <text x={xOf(lane)} y={16} textAnchor="middle" className="fill-ink font-semibold text-[13px]">
            {lane}
          </text>
          <line x1={xOf(lane)} x2={xOf(lane)} y1={26} y2={height} className="stroke-line" strokeWidth={2} />
        </g>
      ))}
      {steps.map((step, index) => (
        <Arrow
          key={keyOf(step)}
          step={step}
          from={xOf(step.from)}
          to={xOf(step.to)}
          y={top + rowHeight * (index + 0.6)}
        />
      ))}
    </svg>
  );
}

type ArrowProps = { step: Step; from: number; to: number; y: number };

function Arrow({ step, from, to, y }: ArrowProps) {
  const isInside = from === to;
  const direction = Math.sign(to - from);
  const middle = isInside ? from + 12 : (from + to) / 2;
  const anchor = isInside ? 'start' : 'middle';
  const room = isInside ? 30 : Math.floor(Math.max(Math.abs(to - from), 150) / 6);
  return (
    <g className="animate-appear">
      {isInside ? (
        <circle cx={from} cy={y} r={5} className={step.look === 'refused' ? 'fill-danger' : 'fill-ink'} />
      ) : (
        <>
          <line x1={from} x2={to} y1={y} y2={y} className={looks[step.look]} strokeWidth={1.75} />
          <path
            d={`M${to - direction * 9},${y - 5} L${to},${y} L${to - direction * 9},${y + 5}`}
            className={looks[step.look].split(' ')[0] ?? ''}
            fill="none"
            strokeWidth={1.75}
          />
        </>
      )}
      <text
        x={middle}
        y={isInside ? y + 1 : y - 6}
        textAnchor={anchor}
        className={`font-medium text-[12px] ${step.look === 'refused' ? 'fill-danger' : 'fill-ink'}`}
      >
        {cut(step.label, room)}
      </text>
      {step.detail && (
        <text
          x={middle}
          y={isInside ? y + 14 : y + 14}
          textAnchor={anchor}
          className="fill-muted text-[11px]"
        >
          {cut(step.detail, room)}
        </text>
      )}
    </g>
  );
}

/** No call has two steps of one label between the same lanes. */
function keyOf({ from, to, label }: Step): string {
  return `${from} ${to} ${label}`;
}

/** The list beside the drawing has the whole text. */
function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
