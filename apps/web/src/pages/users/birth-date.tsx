import type { User } from '@signet/contracts';
import { Day } from '../../ui/time.tsx';

/** The date of birth and the age, for oneself and for admins. */
export function BirthDate({ user: { dob, age } }: { user: User }) {
  if (dob === undefined || dob === null) return <span className="text-muted">–</span>;
  return (
    <>
      <Day date={dob} />
      {typeof age === 'number' && <span className="whitespace-nowrap text-muted"> ({age})</span>}
    </>
  );
}
