import { endpoints, type Player, UpdatePlayer } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
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

  const close = () => {
    update.drop();
    onClose();
  };

  return (
    <Dialog
      onClose={close}
      isChanged={update.isChanged}
      title="Edit player"
      description={`${player.uid} (ID ${player.id})`}
    >
      <form key={update.key} {...update.form} className="grid gap-4">
        {update.notice}
        <PlayerFields keepsPassword first={update.first} errors={update.errors} />
        {update.problem && <ErrorAlert error={update.problem} />}
        <Button type="submit" look="primary" busy={update.isPending} className="mt-1">
          Save changes
        </Button>
      </form>
    </Dialog>
  );
}
