import { Panel } from '../../ui/panel.tsx';

/** In the place of a call that neither side has any more. */
export function ForgottenCall() {
  return (
    <Panel title="No longer in memory">
      <p className="text-sm">
        This page keeps its newest 200 calls, and the API its newest 500, until they are started again.
      </p>
    </Panel>
  );
}
