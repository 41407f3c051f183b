import { zodResolver } from '@hookform/resolvers/zod';
import { endpoints, UpdateUser, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { FormProvider, useForm } from 'react-hook-form';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { CurrentPasswordField } from '../current-password-field.tsx';
import { RestoredDraft, useFormDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { fieldText } from '../errors/problem-texts.ts';
import { queryKeys, useCall } from '../queries.ts';
import { useFormSubmit } from '../use-form-submit.ts';
import { UserFields } from './user-fields.tsx';

export function EditUserDialog({ user, onClose, me }: { user: User; onClose: () => void; me: User }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const isAdmin = me.role === 'admin';
  const isOneself = user.id === me.id;
  const form = useForm<UpdateUser>({
    resolver: zodResolver(UpdateUser),
    defaultValues: {
      name: user.name,
      uid: user.uid,
      dob: user.dob ?? null,
      ...(isAdmin && { role: user.role }),
    },
  });
  const draft = useFormDraft(form, `user-${user.id}`, ['name', 'uid', 'dob', 'role']);
  const update = useFormSubmit(form, ['name', 'uid', 'dob', 'role', 'current_password'], {
    mutationFn: (changes: UpdateUser) =>
      call(endpoints.updateUser, { params: { id: user.id }, body: changes }),
    onSuccess: (updated) => {
      notify('Saved');
      draft.drop();
      onClose();
      if (isOneself) queryClient.setQueryData(queryKeys.me, updated);
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  const submit = form.handleSubmit((changes) => update.mutate(changes));

  const close = () => {
    draft.drop();
    onClose();
  };

  return (
    <Dialog
      onClose={close}
      isChanged={form.formState.isDirty}
      title="Edit user"
      description={isOneself ? 'Your own account' : `${user.uid} (ID ${user.id})`}
    >
      <FormProvider {...form}>
        <form onSubmit={submit} noValidate className="grid gap-4">
          {draft.isRestored && <RestoredDraft onDiscard={draft.discard} />}
          <UserFields mayGiveRole={isAdmin} />
          {isOneself && form.watch('uid') !== user.uid && (
            <CurrentPasswordField
              error={fieldText(form.formState.errors.current_password)}
              {...form.register('current_password', {
                // Once the user ID is what it was, the field disappears, and its value is not sent.
                shouldUnregister: true,
                setValueAs: (text) => text || undefined,
              })}
            />
          )}
          {update.problem && <ErrorAlert error={update.problem} />}
          <Button type="submit" look="primary" busy={update.isPending} className="mt-1">
            Save changes
          </Button>
        </form>
      </FormProvider>
    </Dialog>
  );
}
