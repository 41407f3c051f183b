import { endpoints, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

/** An admin ends all sessions of another user. */
export function EndUserSessionsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const end = useSubmit({
    mutationFn: () => call(endpoints.endUserSessions, { params: { id: user.id } }),
    onSuccess: () => {
      notify(`${user.uid} signed out everywhere`);
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={`Sign out ${user.name} everywhere?`}
      description={`This ends all sessions of ${user.uid}. They can sign in again.`}
      action="Sign out everywhere"
      isBusy={end.isPending}
      onConfirm={() => end.mutate()}
      problem={end.isError && <ErrorAlert error={end.error} />}
    />
  );
}
