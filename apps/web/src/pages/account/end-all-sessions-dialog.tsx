import { endpoints } from '@signet/contracts';
import { useAuth } from '../../session/auth-context.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useSubmit } from '../use-submit.ts';

export function EndAllSessionsDialog({ onClose }: { onClose: () => void }) {
  const auth = useAuth();
  const endAll = useSubmit({
    mutationFn: () => auth.signOutAfter(() => auth.call(endpoints.endSessions), 'sessions_ended'),
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title="Sign out all devices?"
      description="This signs you out on every device, this one included. You can sign in again right away."
      action="Sign out all devices"
      isBusy={endAll.isPending}
      onConfirm={() => endAll.mutate()}
      problem={endAll.isError && <ErrorAlert error={endAll.error} />}
    />
  );
}
