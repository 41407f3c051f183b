import { Panel } from '../../ui/panel.tsx';
import type { HalfStatus } from './use-api-half.ts';

type Status = Exclude<HalfStatus, 'connecting'>;

const everySide =
  'This page keeps its newest 200 calls, and the API its newest 500, until they are started again.';

const texts: Record<Status, string> = {
  live: everySide,
  polling: everySide,
  absent: 'This page keeps its newest 200 calls until it is loaded again, and this API keeps none.',
  away: 'This page does not have the call, and cannot read the log of the API at the moment.',
};

/** In the place of a call that neither side has any more, or that only the API may have while its log cannot be read. */
export function ForgottenCall({ status }: { status: Status }) {
  return (
    <Panel title={status === 'away' ? 'Not loaded' : 'No longer in memory'}>
      <p className="text-sm">{texts[status]}</p>
    </Panel>
  );
}
