import type { Check, Finding, Report } from '@signet/doctor';

type Asked = { readonly api: string; readonly origin: string };

const witnesses = { page: 'page', api: 'API', probe: 'probe' } as const;

/** The report as text: the verdict, its evidence and fixes, what follows from it, and what was checked. */
export function describeReport({ findings, notices, checked }: Report, { api, origin }: Asked): string {
  const verdict =
    findings.length === 0 ? [verdictOf(checked, { api, origin })] : findings.flatMap(describeFinding);
  return [
    ...verdict,
    ...(notices.length > 0
      ? ['', 'Worth knowing:', ...notices.map(({ id, says }) => `  ${says} (${id})`)]
      : []),
    '',
    'Checked:',
    ...checked.map(describeCheck),
  ].join('\n');
}

function verdictOf(checked: readonly Check[], { api, origin }: Asked): string {
  const isSeen = checked.some(({ check, result }) => check === 'origin' && result === 'right');
  return isSeen
    ? `No fault was found between ${origin} and ${api}.`
    : `Whether ${origin} can call ${api} could not be judged.`;
}

function describeFinding({ id, says, certainty, evidence, fix, consequences, next }: Finding): string[] {
  return [
    `${says} (${id}, ${certainty})`,
    ...evidence.map(({ witness, saw }) => `  ${witnesses[witness]}: ${saw}`),
    ...fix.flatMap(({ for: place, do: step, line }) => [
      `  Fix (${place}): ${step}`,
      ...(line === undefined ? [] : [`    ${line}`]),
    ]),
    ...(consequences.length > 0 ? [`  Follows from it, or hides behind it: ${consequences.join(', ')}`] : []),
    ...(next === undefined ? [] : [`  To be sure: ${next}`]),
  ];
}

const marks = { right: 'ok', fault: 'FAULT', unknown: '?' } as const;

function describeCheck({ check, result, saw }: Check): string {
  return `  ${marks[result].padEnd(6)}${check.padEnd(12)}${saw}`;
}
