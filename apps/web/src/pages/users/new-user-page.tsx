import { useQuery } from '@tanstack/react-query';
import { Loading } from '../../ui/skeleton.tsx';
import { useDialogAddress } from '../dialog-address.ts';
import { QueryProblem } from '../errors/query-problem.tsx';
import { createPageShell } from '../form-shell.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { CreateUserForm } from './create-user-form.tsx';

const Shell = createPageShell({ path: paths.users, name: 'All users' });

/** The form for a new user, opened by its address. */
export function NewUserPage() {
  const me = useQuery(queries.me(useCall()));
  const { close } = useDialogAddress(paths.users);
  if (me.data) return <CreateUserForm shell={Shell} onClose={close} me={me.data} />;
  return (
    <Shell onClose={close} title="New user" description="Give them this user ID and password to sign in.">
      <QueryProblem query={me} />
      {me.isPending && <Loading label="Loading the form" rows={5} />}
    </Shell>
  );
}
