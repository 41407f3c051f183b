import { AssayTable } from './assay-table.tsx';
import type { Examined } from './examine.ts';
import { Checked, Command, Findings } from './report-parts.tsx';

/** The causes, what is worth knowing, and what was checked. */
export function Verdict({ report, hasProbe, page: { assay, cameWithoutCredentials } }: Examined) {
  const { findings, checked } = report;
  const isBrowserRight = checked.some(({ check, result }) => check === 'browser' && result === 'right');
  return (
    <>
      <Findings report={report} />
      {!hasProbe && <Command origin={window.location.origin} />}
      <Checked report={report} isRight={findings.length === 0 && hasProbe && isBrowserRight} />
      {assay && <AssayTable assay={assay} without={cameWithoutCredentials} />}
    </>
  );
}
