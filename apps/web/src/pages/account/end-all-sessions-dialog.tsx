import { endpoints } from '@signet/contracts';
import { useMutation } from '@tanstack/react-query';
import { useSessions } from '../../session/session-context.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';

export function EndAllSessionsDialog({ onClose }: { onClose: () => void }) {
  const sessions = useSessions();
  const endAll = useMutation({
    mutationFn: () => sessions.leaveBy('sessions_ended', () => sessions.call(endpoints.endSessions)),
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title="Sign out everywhere?"
      description="All your sessions end at once, this one too. You can sign in again right away."
      action="Sign out everywhere"
      isBusy={endAll.isPending}
      onConfirm={() => endAll.mutate()}
      problem={endAll.isError && <ErrorAlert error={endAll.error} />}
    />
  );
}
