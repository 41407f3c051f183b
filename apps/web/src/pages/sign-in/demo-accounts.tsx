import type { Credentials } from '@signet/contracts';
import { useId } from 'react';
import { Button } from '../../ui/button.tsx';

const accounts = [
  { uid: 'toby', password: '123toby', role: 'admin' },
  { uid: 'niko', password: '123niko', role: 'user' },
] as const;

/** One press signs in as a user of the demo data, in the chosen flow. */
export function DemoAccounts({
  isBusy,
  isOff,
  onSignIn,
}: {
  isBusy: boolean;
  /** Whether the API would refuse any sign-in for now. */
  isOff: boolean;
  onSignIn: (credentials: Credentials) => void;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-2.5 rounded-xl border border-line border-dashed px-4 py-3 text-sm"
    >
      <p id={id} className="text-muted">
        Try a demo account
      </p>
      <div className="flex flex-wrap gap-2">
        {accounts.map(({ uid, password, role }) => (
          <Button
            key={uid}
            size="small"
            busy={isBusy}
            disabled={isOff}
            onClick={() => onSignIn({ uid, password })}
          >
            {`Sign in as ${role} (${uid})`}
          </Button>
        ))}
      </div>
      <p className="font-mono text-muted text-xs">
        {accounts.map(({ uid, password }) => `${uid} / ${password}`).join(' · ')}
      </p>
    </section>
  );
}
