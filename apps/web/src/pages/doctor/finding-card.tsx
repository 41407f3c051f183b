import type { Finding } from '@signet/doctor';
import { Panel } from '../../ui/panel.tsx';
import { CauseLink } from './cause-link.tsx';
import { FixList, ReferenceList } from './fix-list.tsx';

const witnesses = { page: 'The page saw', api: 'The API saw', probe: 'The probe saw' } as const;
const certainties = {
  proved: 'Proved',
  likely: 'Likely: everything else is excluded',
  possible: 'Possible',
} as const;

/** One root cause: the sentence, who saw what, the fix, and what follows from it. */
export function FindingCard({ finding }: { finding: Finding }) {
  const { id, says, certainty, evidence, fix, references, consequences, next } = finding;
  return (
    <Panel title={says} description={certainties[certainty]} isDangerous>
      <div className="grid gap-5">
        <dl className="grid gap-3">
          {evidence.map(({ witness, saw }) => (
            <div key={`${witness} ${saw}`}>
              <dt className="text-muted text-sm">{witnesses[witness]}</dt>
              <dd className="[overflow-wrap:anywhere]">{saw}</dd>
            </div>
          ))}
        </dl>
        {next !== undefined && (
          <div>
            <p className="text-muted text-sm">To be sure</p>
            <p>{next}</p>
          </div>
        )}
        <FixList fix={fix} />
        {consequences.length > 0 && (
          <div>
            <p className="text-muted text-sm">Follows from it, or hides behind it</p>
            <ul className="mt-1 grid gap-1">
              {consequences.map((each) => (
                <li key={each}>
                  <CauseLink id={each} />
                </li>
              ))}
            </ul>
          </div>
        )}
        <p className="text-sm">
          <span>About this cause: </span>
          <CauseLink id={id} />
        </p>
        <ReferenceList references={references} />
      </div>
    </Panel>
  );
}
