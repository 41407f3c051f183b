import type { User } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queries, useCall } from '../queries.ts';
import { EditUserDialog } from './edit-user-dialog.tsx';

/** The form for the user in the address, who may not be in the loaded part of the list. */
export function EditUserAtAddress({ id, onClose, me }: { id: number; onClose: () => void; me: User }) {
  const user = useQuery(queries.user(useCall(), id));
  if (user.data) return <EditUserDialog user={user.data} onClose={onClose} me={me} />;
  if (!user.isError) return null;
  return (
    <Dialog onClose={onClose} title="Edit user" description={`The user with the ID ${id}`}>
      <ErrorAlert error={user.error} onRetry={() => user.refetch()} />
    </Dialog>
  );
}
