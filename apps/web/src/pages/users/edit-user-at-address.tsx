import type { User } from '@signet/contracts';
import type { ReactNode } from 'react';
import { QueryProblem } from '../errors/query-problem.tsx';
import type { FormShell } from '../form-shell.tsx';
import { EditUserForm } from './edit-user-form.tsx';
import { NoSuchUser } from './no-such-user.tsx';
import { useUser } from './use-user.ts';

type Props = {
  shell: FormShell;
  id: number;
  onClose: () => void;
  me: User;
  /** Shown in the shell while the user loads. Without it there is no shell until then. */
  loading?: ReactNode;
};

/** The form for the user in the address, who may not be in the loaded part of the list. */
export function EditUserAtAddress({ shell: Shell, id, onClose, me, loading = null }: Props) {
  const { user, isMissing } = useUser(id);
  if (user.data) return <EditUserForm shell={Shell} user={user.data} onClose={onClose} me={me} />;
  if (!isMissing && !user.isError && loading === null) return null;
  return (
    <Shell onClose={onClose} title="Edit user" description={`The user with the ID ${id}`}>
      {isMissing ? <NoSuchUser /> : user.isError ? <QueryProblem query={user} /> : loading}
    </Shell>
  );
}
