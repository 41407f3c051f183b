import { causeIds } from '@signet/doctor';
import { CauseLink } from './cause-link.tsx';

/** Everything that the doctor can name. */
export function CauseList() {
  return (
    <ul className="mt-3 grid gap-2">
      {causeIds.map((id) => (
        <li key={id}>
          <CauseLink id={id} />
        </li>
      ))}
    </ul>
  );
}
