import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { statusOf, titleOf } from '../entry-status.tsx';
import type { Entry } from '../exchange-entries.ts';
import { compareEntries } from './compare.ts';

type ComparisonProps = { first: Entry; second: Entry; onClose: () => void };

/** What differs between two calls: the one that was marked, and the one that is open. */
export function Comparison({ first, second, onClose }: ComparisonProps) {
  const differences = compareEntries(first, second);
  const close = (
    <Button size="small" onClick={onClose}>
      Close
    </Button>
  );
  if (first === second)
    return (
      <Panel title="Compare two calls" actions={close}>
        <p className="text-sm">Choose the other call in the list.</p>
      </Panel>
    );
  return (
    <Panel
      title="What differs"
      description={`First: ${titleOf(first)}, ${statusOf(first)}. Second: ${titleOf(second)}, ${statusOf(second)}.`}
      actions={close}
    >
      {differences.length === 0 ? (
        <p className="text-sm">Nothing that either side sees.</p>
      ) : (
        <dl className="grid gap-3 text-sm [overflow-wrap:anywhere]">
          {differences.map(({ what, first: left, second: right }) => (
            <div key={what}>
              <dt className="font-medium">{what}</dt>
              <dd>First: {left}</dd>
              <dd>Second: {right}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
