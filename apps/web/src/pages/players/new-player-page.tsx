import { useQuery } from '@tanstack/react-query';
import { Loading } from '../../ui/skeleton.tsx';
import { useDialogAddress } from '../dialog-address.ts';
import { QueryProblem } from '../errors/query-problem.tsx';
import { createPageShell } from '../form-shell.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { useIsAdmin } from '../use-is-admin.ts';
import { CreatePlayerForm } from './create-player-form.tsx';

const Shell = createPageShell({ path: paths.players, name: 'All players' });

/** The form for a new player, opened by its address. */
export function NewPlayerPage() {
  const isAdmin = useIsAdmin();
  const me = useQuery(queries.me(useCall()));
  const { close } = useDialogAddress(paths.players);
  if (isAdmin) return <CreatePlayerForm shell={Shell} onClose={close} />;
  return (
    <Shell onClose={close} title="New player" description="A row of the demo data.">
      <QueryProblem query={me} />
      {me.isPending && <Loading label="Loading the form" rows={5} />}
      {me.data?.role === 'user' && <p>Only admins can add players.</p>}
    </Shell>
  );
}
