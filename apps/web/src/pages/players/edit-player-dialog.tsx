import { zodResolver } from '@hookform/resolvers/zod';
import { endpoints, type Player, UpdatePlayer } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { FormProvider, useForm } from 'react-hook-form';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { RestoredDraft, useFormDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useFormSubmit } from '../use-form-submit.ts';
import { PlayerFields, playerFields } from './player-fields.tsx';

export function EditPlayerDialog({ player, onClose }: { player: Player; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const form = useForm({
    resolver: zodResolver(UpdatePlayer),
    defaultValues: { name: player.name, uid: player.uid, tokens: player.tokens },
  });
  const draft = useFormDraft(form, `player-${player.id}`, ['name', 'uid', 'tokens']);
  const update = useFormSubmit(form, playerFields, {
    mutationFn: (changes: UpdatePlayer) =>
      call(endpoints.updatePlayer, { params: { id: player.id }, body: changes }),
    onSuccess: () => {
      notify('Saved');
      draft.drop();
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.players });
    },
  });

  const close = () => {
    draft.drop();
    onClose();
  };

  return (
    <Dialog
      onClose={close}
      isChanged={form.formState.isDirty}
      title="Edit player"
      description={`${player.uid} (ID ${player.id})`}
    >
      <FormProvider {...form}>
        <form
          onSubmit={form.handleSubmit((changes) => update.mutate(changes))}
          noValidate
          className="grid gap-4"
        >
          {draft.isRestored && <RestoredDraft onDiscard={draft.discard} />}
          <PlayerFields keepsPassword />
          {update.problem && <ErrorAlert error={update.problem} />}
          <Button type="submit" look="primary" busy={update.isPending} className="mt-1">
            Save changes
          </Button>
        </form>
      </FormProvider>
    </Dialog>
  );
}
