import type { Report } from '@signet/doctor';
import { Checked, Command, Findings } from './report-parts.tsx';

/** What a page at another origin would meet, or how to find out. */
export function OriginVerdict({ origin, report }: { origin: string; report: Report | undefined }) {
  if (!report) return <Command origin={origin} />;
  return (
    <>
      <Findings report={report} />
      <Checked report={report} isRight={report.findings.length === 0} />
    </>
  );
}
