import { zodResolver } from '@hookform/resolvers/zod';
import { CreatePlayer, endpoints } from '@signet/contracts';
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

export function CreatePlayerDialog({ onClose }: { onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const form = useForm({
    resolver: zodResolver(CreatePlayer),
    defaultValues: { name: '', uid: '', tokens: 0, password: '' },
  });
  const draft = useFormDraft(form, 'new-player', ['name', 'uid', 'tokens']);
  const create = useFormSubmit(form, playerFields, {
    mutationFn: (details: CreatePlayer) => call(endpoints.createPlayer, { body: details }),
    onSuccess: (player) => {
      notify(`${player.uid} added`);
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
      title="New player"
      description="A row of the demo data, with the tokens that the player has won so far."
    >
      <FormProvider {...form}>
        <form
          onSubmit={form.handleSubmit((details) => create.mutate(details))}
          noValidate
          className="grid gap-4"
        >
          {draft.isRestored && <RestoredDraft onDiscard={draft.discard} />}
          <PlayerFields />
          {create.problem && <ErrorAlert error={create.problem} />}
          <Button type="submit" look="primary" busy={create.isPending} className="mt-1">
            Create player
          </Button>
        </form>
      </FormProvider>
    </Dialog>
  );
}
