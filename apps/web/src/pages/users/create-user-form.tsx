import { CreateUser, endpoints, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { notify } from '../../ui/toasts.ts';
import { DraftForm } from '../draft-form.tsx';
import type { FormShell } from '../form-shell.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { UserFields } from './user-fields.tsx';

type Props = { shell: FormShell; onClose: () => void; me: User };

export function CreateUserForm({ shell, onClose, me }: Props) {
  const isAdmin = me.role === 'admin';
  const call = useCall();
  const queryClient = useQueryClient();
  const create = useDraftForm({
    draft: 'new-user',
    saved: { name: '', uid: '', dob: '', ...(isAdmin && { role: 'user' }) },
    schema: CreateUser,
    empty: { dob: null },
    send: (details) => call(endpoints.createUser, { body: details }),
    onSuccess: (user) => {
      notify(`${user.uid} created`);
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });

  return (
    <DraftForm
      shell={shell}
      title="New user"
      description="Give them this user ID and password to sign in."
      form={create}
      submit="Create user"
      onClose={onClose}
    >
      <UserFields mayGiveRole={isAdmin} first={create.first} errors={create.errors} />
      <Field label="Password" error={create.errors.password} hint="At least 8 characters.">
        {(attributes) => <PasswordInput name="password" autoComplete="new-password" {...attributes} />}
      </Field>
    </DraftForm>
  );
}
