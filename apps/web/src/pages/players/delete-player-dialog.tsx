import { endpoints, type Player } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

export function DeletePlayerDialog({ player, onClose }: { player: Player; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const remove = useSubmit({
    mutationFn: () => call(endpoints.deletePlayer, { params: { id: player.id } }),
    onSuccess: () => {
      notify(`${player.uid} deleted`);
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.players });
    },
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={`Delete ${player.name}?`}
      description={`This deletes ${player.uid} and their tokens. It cannot be undone.`}
      action="Delete player"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      problem={remove.isError && <ErrorAlert error={remove.error} />}
    />
  );
}
