import { endpoints, UpdateUser, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { notify } from '../../ui/toasts.ts';
import { CurrentPasswordField } from '../current-password-field.tsx';
import { DraftForm } from '../draft-form.tsx';
import type { FormShell } from '../form-shell.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useDraftForm } from '../use-draft-form.tsx';
import { UserFields } from './user-fields.tsx';

type Props = { shell: FormShell; user: User; onClose: () => void; me: User };

export function EditUserForm({ shell, user, onClose, me }: Props) {
  const call = useCall();
  const queryClient = useQueryClient();
  const isAdmin = me.role === 'admin';
  const isOneself = user.id === me.id;
  const update = useDraftForm({
    draft: `user-${user.id}`,
    saved: { name: user.name, uid: user.uid, dob: user.dob ?? '', ...(isAdmin && { role: user.role }) },
    schema: UpdateUser,
    empty: { dob: null, current_password: undefined },
    send: (changes) => call(endpoints.updateUser, { params: { id: user.id }, body: changes }),
    onSuccess: (updated) => {
      notify('Saved');
      onClose();
      if (isOneself) queryClient.setQueryData(queryKeys.me, updated);
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });

  return (
    <DraftForm
      shell={shell}
      title="Edit user"
      description={isOneself ? 'Your own account' : `${user.uid} (ID ${user.id})`}
      form={update}
      submit="Save changes"
      onClose={onClose}
    >
      <UserFields mayGiveRole={isAdmin} first={update.first} errors={update.errors} />
      {isOneself && update.texts.uid !== user.uid && (
        <CurrentPasswordField name="current_password" error={update.errors.current_password} />
      )}
    </DraftForm>
  );
}
