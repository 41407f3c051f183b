import { ApiError } from '@signet/contracts';
import { generatePath, Link } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';

/** Leads from an error to the call that it is of, in the log. Nothing, where the error is of no call. */
export function FindOutWhy({ error }: { error: unknown }) {
  const { callLog } = useAuth();
  const id =
    error instanceof ApiError
      ? error.problem.request_id
      : (callLog.failedWith(error) ?? (error instanceof Error ? callLog.failedWith(error.cause) : undefined));
  if (id === undefined) return null;
  return (
    <Link to={generatePath(paths.exchange, { id })} className="w-fit underline underline-offset-4">
      Find out why
    </Link>
  );
}
