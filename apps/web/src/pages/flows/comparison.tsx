import type { Carrier } from '@signet/contracts';
import { generatePath, Link } from 'react-router';
import { classNames } from '../../ui/class-names.ts';
import { Panel } from '../../ui/panel.tsx';
import { paths } from '../paths.ts';
import { tools } from '../sections.ts';
import { type Cell, type Observed, rows } from './rows.ts';

const columns: readonly (readonly [Carrier, string])[] = [
  ['bearer', 'Bearer token'],
  ['cookie', 'HttpOnly cookie'],
];

const hasLog = tools.some(({ to }) => to === paths.exchanges);

/** The questions with what was seen in each flow. Rows in which the flows differ stand out. */
export function Comparison({ observed }: { observed: Observed }) {
  const hasRun = observed.bearer !== undefined || observed.cookie !== undefined;
  return (
    <Panel
      title="What was observed"
      description={
        hasRun
          ? 'Each cell is the result of a call that this page made. A question mark stands for what was not seen.'
          : 'Nothing yet. Press Run: each answer comes from a call that this page makes.'
      }
    >
      <div
        aria-hidden
        className="hidden gap-x-5 border-l-2 border-l-transparent pb-2 pl-3 font-medium text-muted text-sm sm:grid sm:grid-cols-3"
      >
        <span />
        {columns.map(([carrier, title]) => (
          <span key={carrier}>{title}</span>
        ))}
      </div>
      <ol className="divide-y divide-line border-line border-t">
        {rows.map(({ id, question, why }) => {
          const [bearer, cookie] = [observed.bearer?.[id], observed.cookie?.[id]];
          const differs = bearer && cookie && bearer.answer !== cookie.answer;
          return (
            <li
              key={id}
              id={id}
              className={classNames(
                'grid gap-x-5 gap-y-3 border-l-2 py-4 pl-3 sm:grid-cols-3',
                differs ? 'border-l-ink' : 'border-l-transparent',
              )}
            >
              <div className="min-w-0">
                <h3 className="font-medium">{question}</h3>
                <p className="mt-0.5 text-muted text-sm">{why}</p>
                {differs && <p className="mt-1 text-sm">The flows differ.</p>}
              </div>
              <dl className="contents">
                {columns.map(([carrier, title]) => (
                  <div key={carrier} className="min-w-0">
                    <dt className="text-muted text-sm sm:sr-only">{title}</dt>
                    <dd>
                      <Observation
                        cell={observed[carrier]?.[id]}
                        isQuiet={!differs}
                        of={`${title}: ${question}`}
                      />
                    </dd>
                  </div>
                ))}
              </dl>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

type ObservationProps = { cell: Cell | undefined; isQuiet: boolean; of: string };

function Observation({ cell, isQuiet, of }: ObservationProps) {
  if (!cell)
    return (
      <span className="text-muted">
        <span aria-hidden>?</span>
        <span className="sr-only">not seen yet</span>
      </span>
    );
  return (
    <>
      <p className={classNames('[overflow-wrap:anywhere]', isQuiet ? '' : 'font-semibold')}>{cell.answer}</p>
      <p className="mt-0.5 text-muted text-sm [overflow-wrap:anywhere]">{cell.how}</p>
      {cell.requestId !== undefined && hasLog && (
        <Link
          to={generatePath(paths.exchange, { id: cell.requestId })}
          aria-label={`Show the exchange. ${of}`}
          className="mt-0.5 inline-block text-sm underline underline-offset-4"
        >
          Show the exchange
        </Link>
      )}
    </>
  );
}
