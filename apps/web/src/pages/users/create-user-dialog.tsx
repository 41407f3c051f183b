import { zodResolver } from '@hookform/resolvers/zod';
import { CreateUser, endpoints, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { FormProvider, useForm } from 'react-hook-form';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { notify } from '../../ui/toasts.ts';
import { RestoredDraft, useFormDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { fieldText } from '../errors/problem-texts.ts';
import { queryKeys, useCall } from '../queries.ts';
import { useFormSubmit } from '../use-form-submit.ts';
import { UserFields } from './user-fields.tsx';

export function CreateUserDialog({ onClose, me }: { onClose: () => void; me: User }) {
  const isAdmin = me.role === 'admin';
  const call = useCall();
  const queryClient = useQueryClient();
  const form = useForm({
    resolver: zodResolver(CreateUser),
    defaultValues: { name: '', uid: '', dob: null, password: '', ...(isAdmin && { role: 'user' as const }) },
  });
  const draft = useFormDraft(form, 'new-user', ['name', 'uid', 'dob', 'role']);
  const create = useFormSubmit(form, ['name', 'uid', 'password', 'dob', 'role'], {
    mutationFn: (details: CreateUser) => call(endpoints.createUser, { body: details }),
    onSuccess: (user) => {
      notify(`${user.uid} created`);
      draft.drop();
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  const submit = form.handleSubmit((details) => create.mutate(details));

  const close = () => {
    draft.drop();
    onClose();
  };

  return (
    <Dialog
      onClose={close}
      isChanged={form.formState.isDirty}
      title="New user"
      description="Give them this user ID and password to sign in."
    >
      <FormProvider {...form}>
        <form onSubmit={submit} noValidate className="grid gap-4">
          {draft.isRestored && <RestoredDraft onDiscard={draft.discard} />}
          <UserFields mayGiveRole={isAdmin} />
          <Field
            label="Password"
            error={fieldText(form.formState.errors.password)}
            hint="At least 8 characters."
          >
            {(attributes) => (
              <PasswordInput autoComplete="new-password" {...attributes} {...form.register('password')} />
            )}
          </Field>
          {create.problem && <ErrorAlert error={create.problem} />}
          <Button type="submit" look="primary" busy={create.isPending} className="mt-1">
            Create user
          </Button>
        </form>
      </FormProvider>
    </Dialog>
  );
}
