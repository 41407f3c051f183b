import { ApiError } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { queries, useCall } from '../queries.ts';

/** The user with the ID of an address. `isMissing`: the API has no such user, or what the address has is no ID. */
export function useUser(id: number) {
  const isId = Number.isSafeInteger(id) && id > 0;
  const user = useQuery({ ...queries.user(useCall(), id), enabled: isId });
  const isMissing = !isId || (user.error instanceof ApiError && user.error.problem.code === 'not_found');
  return { user, isMissing };
}
