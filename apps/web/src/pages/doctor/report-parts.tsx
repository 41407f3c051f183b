import type { Report } from '@signet/doctor';
import { useAuth } from '../../session/auth-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FindingCard } from './finding-card.tsx';

export function Findings({ report }: { report: Report }) {
  return report.findings.map((finding) => <FindingCard key={finding.id} finding={finding} />);
}

export function Checked({ report: { checked, notices }, isRight }: { report: Report; isRight: boolean }) {
  return (
    <Panel title={isRight ? 'Everything works' : 'What was checked'}>
      <ul className="grid gap-2">
        {checked.map(({ check, result, saw }) => (
          <li key={check} className="grid gap-x-4 sm:grid-cols-[8rem_6rem_1fr]">
            <span className="font-medium">{check}</span>
            <span className={result === 'fault' ? 'text-danger' : 'text-muted'}>{words[result]}</span>
            <span className="[overflow-wrap:anywhere]">{saw}</span>
          </li>
        ))}
      </ul>
      {notices.length > 0 && (
        <ul aria-label="Worth knowing" className="mt-4 grid gap-2 border-line border-t pt-4">
          {notices.map(({ id, says }) => (
            <li key={id}>{says}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const words = { right: 'right', fault: 'fault', unknown: 'not seen' } as const;

/** Where no server runs the command for the page, a person does. */
export function Command({ origin }: { origin: string }) {
  const { apiUrl } = useAuth();
  const command = `npm run doctor -- --api ${apiUrl} --origin ${origin}`;
  return (
    <Panel
      title="The page sees half of it"
      description="A page is not told why a call failed. This command, in a checkout of Signet, sees the rest."
    >
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <code className="min-w-0 rounded-lg border border-line px-2.5 py-1.5 font-mono text-[0.8125rem] [overflow-wrap:anywhere]">
          {command}
        </code>
        <CopyButton text={command} label="Copy the command" />
      </div>
    </Panel>
  );
}
