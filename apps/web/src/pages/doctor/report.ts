import type { Finding, Report } from '@signet/doctor';

/**
 * The report for an issue: the verdict with its evidence, and what was checked. It has no values, because the
 * findings have none.
 */
export function toMarkdown({ findings, notices, checked }: Report): string {
  const item = ({ id, says, certainty, evidence }: Finding) =>
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
