import { useAuth } from '../../session/auth-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AssayTable } from './assay-table.tsx';
import type { Examined } from './examine.ts';
import { FindingCard } from './finding-card.tsx';

/** The causes, what is worth knowing, and what was checked. */
export function Verdict({ report, hasProbe, page: { assay, cameWithoutCredentials } }: Examined) {
  const { findings, notices, checked } = report;
  const isBrowserRight = checked.some(({ check, result }) => check === 'browser' && result === 'right');
  const isRight = findings.length === 0 && hasProbe && isBrowserRight;
  return (
    <>
      {findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding} />
      ))}
      {!hasProbe && <Command />}
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
      {assay && <AssayTable assay={assay} without={cameWithoutCredentials} />}
    </>
  );
}

const words = { right: 'right', fault: 'fault', unknown: 'not seen' } as const;

/** Where no server runs the command for the page, a person does. */
function Command() {
  const { apiUrl } = useAuth();
  const command = `npm run doctor -- --api ${apiUrl} --origin ${window.location.origin}`;
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
