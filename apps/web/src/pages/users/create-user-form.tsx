import { CreateUser, endpoints, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import type { FormShell } from '../form-shell.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { UserFields } from './user-fields.tsx';

type Props = { shell: FormShell; onClose: () => void; me: User };

export function CreateUserForm({ shell: Shell, onClose, me }: Props) {
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

  const close = () => {
    create.drop();
    onClose();
  };

  return (
    <Shell
      onClose={close}
      isChanged={create.isChanged}
      title="New user"
      description="Give them this user ID and password to sign in."
    >
      <form key={create.key} {...create.form} className="grid gap-4">
        {create.notice}
        <UserFields mayGiveRole={isAdmin} first={create.first} errors={create.errors} />
        <Field label="Password" error={create.errors.password} hint="At least 8 characters.">
          {(attributes) => <PasswordInput name="password" autoComplete="new-password" {...attributes} />}
        </Field>
        {create.problem && <ErrorAlert error={create.problem} />}
        <Button type="submit" look="primary" busy={create.isPending} className="mt-1">
          Create user
        </Button>
      </form>
    </Shell>
  );
}
