import { Panel } from '../../ui/panel.tsx';

const checks = [
  { name: 'Shape', asks: 'Three parts in base64url, two of them JSON, and not too large.' },
  {
    name: 'Header',
    asks: 'The algorithm and the key that the API uses, and no member that it does not know.',
  },
  { name: 'Signature', asks: 'It belongs to exactly this header and this payload.' },
  { name: 'Claims', asks: 'The right issuer and audience.' },
  { name: 'Times', asks: 'Issued already, and not expired.' },
  { name: 'Session', asks: 'Not ended, and of a user who still exists. Only the API knows.' },
] as const;

/** The rungs of the ladder of verdicts, as long as there is no token to judge. */
export function ChecksGuide() {
  return (
    <Panel
      title="What is checked"
      description="The API makes these checks in this order and stops at the first that fails."
    >
      <dl className="divide-y divide-line text-sm">
        {checks.map(({ name, asks }) => (
          <div key={name} className="grid gap-x-4 py-2.5 sm:grid-cols-[7rem_minmax(0,1fr)]">
            <dt className="font-medium">{name}</dt>
            <dd className="text-muted">{asks}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
