import { type CauseId, causes } from '@signet/doctor';
import { Link } from 'react-router';
import { paths } from '../paths.ts';

/** A link to the page of a cause, which says what the cause is. */
export function CauseLink({ id }: { id: CauseId }) {
  return (
    <Link to={paths.cause.replace(':id', id)} className="font-medium underline underline-offset-4">
      {causes[id].says}
    </Link>
  );
}
