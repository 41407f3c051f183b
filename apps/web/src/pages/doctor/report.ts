import { isCauseId, type Report } from '@signet/doctor';
import { z } from 'zod';

const Id = z.string().refine(isCauseId);
const Finding = z.object({
  id: Id,
  code: z.string(),
  says: z.string(),
  certainty: z.enum(['proved', 'likely', 'possible']),
  evidence: z.array(z.object({ witness: z.enum(['page', 'api', 'probe']), saw: z.string() })),
  fix: z.array(
    z.object({
      for: z.enum(['signet', 'express', 'nginx', 'fetch', 'browser', 'shell']),
      do: z.string(),
      line: z.string().optional(),
    }),
  ),
  references: z.array(z.object({ title: z.string(), url: z.string() })),
  consequences: z.array(Id),
  next: z.string().optional(),
});

/** What the command prints with --json. */
export const ReportAnswer = z.object({
  findings: z.array(Finding),
  notices: z.array(Finding),
  checked: z.array(
    z.object({
      check: z.enum(['reach', 'origin', 'preflights', 'answers', 'cookies', 'token', 'clock', 'browser']),
      result: z.enum(['right', 'fault', 'unknown']),
      saw: z.string(),
    }),
  ),
});

export type PageReport = z.infer<typeof ReportAnswer>;

/**
 * The report for an issue: the verdict with its evidence, and what was checked. It has no values, because the
 * findings have none.
 */
export function toMarkdown({ findings, notices, checked }: PageReport): string {
  const item = ({ id, says, certainty, evidence }: PageReport['findings'][number]) =>
    [
      `- **${says}** (${id}, ${certainty})`,
      ...evidence.map(({ witness, saw }) => `  - ${witness}: ${saw}`),
    ].join('\n');
  return [
    '## Doctor',
    ...(findings.length > 0 ? findings.map(item) : ['No fault was found.']),
    ...(notices.length > 0 ? ['', 'Worth knowing:', ...notices.map(item)] : []),
    '',
    ...checked.map(({ check, result, saw }) => `- ${check}: ${result}. ${saw}`),
  ].join('\n');
}

/** The page's own report first: what stops a call in the browser hides everything behind it. */
export function merge(page: Report, probe: PageReport | undefined): PageReport {
  const own = ReportAnswer.parse(page);
  if (!probe) return own;
  const browser = own.checked.filter(({ check }) => check === 'browser');
  // Without cookies a call is sent all the same, so what the probe found is a fault of its own.
  const [stop] = own.findings.filter(({ id }) => id !== 'cookies-off');
  const hidden = stop ? probe.findings.map(({ id }) => id) : [];
  return {
    findings: stop
      ? own.findings.map((each) =>
          each === stop ? { ...each, consequences: [...each.consequences, ...hidden] } : each,
        )
      : [...own.findings, ...probe.findings],
    notices: [...own.notices, ...probe.notices],
    checked: [...probe.checked.filter(({ check }) => check !== 'browser'), ...browser],
  };
}
