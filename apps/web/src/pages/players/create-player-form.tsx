import { CreatePlayer, endpoints } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import type { FormShell } from '../form-shell.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { PlayerFields } from './player-fields.tsx';

export function CreatePlayerForm({ shell: Shell, onClose }: { shell: FormShell; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const create = useDraftForm({
    draft: 'new-player',
    saved: { name: '', uid: '', tokens: '0' },
    schema: CreatePlayer,
    numbers: ['tokens'],
    send: (details) => call(endpoints.createPlayer, { body: details }),
    onSuccess: (player) => {
      notify(`${player.uid} added`);
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.players });
    },
  });

  const close = () => {
    create.drop();
    onClose();
  };

  return (
    <Shell
      onClose={close}
      isChanged={create.isChanged}
      title="New player"
      description="A row of the demo data, with the tokens that the player has won so far."
    >
      <form key={create.key} {...create.form} className="grid gap-4">
        {create.notice}
        <PlayerFields first={create.first} errors={create.errors} />
        {create.problem && <ErrorAlert error={create.problem} />}
        <Button type="submit" look="primary" busy={create.isPending} className="mt-1">
          Create player
        </Button>
      </form>
    </Shell>
  );
}
