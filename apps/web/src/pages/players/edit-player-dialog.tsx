import { endpoints, type Player, UpdatePlayer } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { DraftForm } from '../draft-form.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { PlayerFields } from './player-fields.tsx';

export function EditPlayerDialog({ player, onClose }: { player: Player; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const update = useDraftForm({
    draft: `player-${player.id}`,
    saved: { name: player.name, uid: player.uid, tokens: String(player.tokens) },
    schema: UpdatePlayer,
    empty: { password: undefined },
    numbers: ['tokens'],
    send: (changes) => call(endpoints.updatePlayer, { params: { id: player.id }, body: changes }),
    onSuccess: () => {
      notify('Saved');
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.players });
    },
  });

  return (
    <DraftForm
      shell={Dialog}
      title="Edit player"
      description={`${player.uid} (ID ${player.id})`}
      form={update}
      submit="Save changes"
      onClose={onClose}
    >
      <PlayerFields keepsPassword first={update.first} errors={update.errors} />
    </DraftForm>
  );
}
