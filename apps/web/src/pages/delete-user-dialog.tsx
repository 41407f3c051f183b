import { endpoints, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useAuth } from '../session/auth-context.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { notify } from '../ui/toasts.ts';
import { ErrorAlert } from './errors/error-alert.tsx';
import { queryKeys } from './queries.ts';
import { useSubmit } from './use-submit.ts';

/** Asks for confirmation, then deletes any user (for an admin) or one's own account, which also signs out. */
export function DeleteUserDialog({ user, onClose, me }: { user: User; onClose: () => void; me: User }) {
  const auth = useAuth();
  const queryClient = useQueryClient();
  const isOneself = user.id === me.id;
  const deleteUser = () => auth.call(endpoints.deleteUser, { params: { id: user.id } });
  const remove = useSubmit({
    mutationFn: () => (isOneself ? auth.signOutAfter(deleteUser, 'account_deleted') : deleteUser()),
    onSuccess: async () => {
      if (isOneself) return;
      notify(`${user.uid} deleted`);
      // Closed after the row is gone, so that the focus does not return to a button that disappears.
      await queryClient.invalidateQueries({ queryKey: queryKeys.users });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={isOneself ? 'Delete your account?' : `Delete ${user.name}?`}
      description={
        isOneself
          ? 'This deletes your account and all your posts. It cannot be undone.'
          : `This deletes ${user.uid} and all their posts, and signs them out. It cannot be undone.`
      }
      action={isOneself ? 'Delete my account' : 'Delete user'}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      problem={remove.isError && <ErrorAlert error={remove.error} />}
    />
  );
}
