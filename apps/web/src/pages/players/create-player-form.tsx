import { CreatePlayer, endpoints } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { notify } from '../../ui/toasts.ts';
import { DraftForm } from '../draft-form.tsx';
import type { FormShell } from '../form-shell.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { PlayerFields } from './player-fields.tsx';

export function CreatePlayerForm({ shell, onClose }: { shell: FormShell; onClose: () => void }) {
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

  return (
    <DraftForm
      shell={shell}
      title="New player"
      description="A row of the demo data, with the tokens that the player has won so far."
      form={create}
      submit="Create player"
      onClose={onClose}
    >
      <PlayerFields first={create.first} errors={create.errors} />
    </DraftForm>
  );
}
