import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { Loading } from '../../ui/skeleton.tsx';
import { useDialogAddress } from '../dialog-address.ts';
import { QueryProblem } from '../errors/query-problem.tsx';
import { createPageShell } from '../form-shell.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { EditUserAtAddress } from './edit-user-at-address.tsx';

const Shell = createPageShell({ path: paths.users, name: 'All users' });

/** The form for a user, opened by its address. */
export function EditUserPage() {
  const id = Number(useParams().id);
  const me = useQuery(queries.me(useCall()));
  const { close } = useDialogAddress(paths.users);
  const loading = <Loading label="Loading the form" rows={5} />;
  if (me.data)
    return <EditUserAtAddress shell={Shell} id={id} onClose={close} me={me.data} loading={loading} />;
  return (
    <Shell onClose={close} title="Edit user" description={`The user with the ID ${id}`}>
      <QueryProblem query={me} />
      {me.isPending && loading}
    </Shell>
  );
}
