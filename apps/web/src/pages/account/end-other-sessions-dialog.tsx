import { endpoints } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

type Props = {
  /** How many other devices are known. */
  count: number;
  /** Whether there are more than that. */
  hasMore: boolean;
  onClose: () => void;
};

export function EndOtherSessionsDialog({ count, hasMore, onClose }: Props) {
  const call = useCall();
  const queryClient = useQueryClient();
  const endOthers = useSubmit({
    mutationFn: () => call(endpoints.endOtherSessions),
    onSuccess: ({ ended }) => {
      notify(`${devices(ended)} signed out`);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={`Sign out ${hasMore ? `more than ${count} other devices` : devices(count)}?`}
      description="This device stays signed in. The others have to sign in again."
      action="Sign out other devices"
      isBusy={endOthers.isPending}
      onConfirm={() => endOthers.mutate()}
      problem={endOthers.isError && <ErrorAlert error={endOthers.error} />}
    />
  );
}

function devices(count: number): string {
  return count === 1 ? '1 other device' : `${count} other devices`;
}
