import { endpoints, type User } from '@signet/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAuth } from '../session/auth-context.tsx';
import { Alert } from '../ui/alert.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Field, PasswordInput } from '../ui/field.tsx';
import { notify } from '../ui/toasts.ts';
import { ErrorAlert } from './errors/error-alert.tsx';
import { isWrongPassword } from './errors/field-issues.ts';
import { queries, queryKeys, useCall } from './queries.ts';
import { UidInput } from './uid-input.tsx';
import { useSubmit } from './use-submit.ts';

type Props = { user: User; onClose: () => void; me: User; onDeleted?: () => void };

/**
 * Deletes any user (for an admin) or one's own account, which also signs out. It asks for the user ID, and for one's
 * own account for the password, which the API checks.
 */
export function DeleteUserDialog({ user, onClose, me, onDeleted }: Props) {
  const auth = useAuth();
  const queryClient = useQueryClient();
  const isOneself = user.id === me.id;
  const [uid, setUid] = useState('');
  const [password, setPassword] = useState('');
  const deleteUser = () =>
    auth.call(endpoints.deleteUser, {
      params: { id: user.id },
      ...(isOneself && { body: { current_password: password } }),
    });
  const remove = useSubmit({
    mutationFn: () => (isOneself ? auth.signOutAfter(deleteUser, 'account_deleted') : deleteUser()),
    onSuccess: async () => {
      if (isOneself) return;
      notify(`${user.uid} deleted`);
      onDeleted?.();
      // Closed after the row is gone, so that the focus does not return to a button that disappears.
      await queryClient.invalidateQueries({ queryKey: queryKeys.users });
      onClose();
    },
  });
  const isOnlyAdmin = useIsOnlyAdmin(user);
  const wrongPassword = isWrongPassword(remove.error) ? 'This is not your current password' : undefined;
  return (
    <ConfirmDialog
      onClose={onClose}
      title={isOneself ? 'Delete your account?' : `Delete ${user.name}?`}
      description={<Losses user={user} isOneself={isOneself} />}
      action={isOneself ? 'Delete my account' : 'Delete user'}
      isBusy={remove.isPending}
      isReady={!isOnlyAdmin && uid === user.uid && (!isOneself || password !== '')}
      onConfirm={() => remove.mutate()}
      problem={
        isOnlyAdmin ? (
          <Alert tone="info" title="You are the only admin">
            <p>Make another user an admin first.</p>
          </Alert>
        ) : (
          remove.isError && !wrongPassword && <ErrorAlert error={remove.error} />
        )
      }
    >
      <Field label={`Type ${user.uid} to confirm`}>
        {(attributes) => (
          <UidInput
            autoComplete="off"
            {...attributes}
            value={uid}
            onChange={(event) => setUid(event.target.value)}
          />
        )}
      </Field>
      {isOneself && (
        <Field label="Your password" error={wrongPassword}>
          {(attributes) => (
            <PasswordInput
              autoComplete="current-password"
              {...attributes}
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                remove.reset();
              }}
            />
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}

/** The API refuses to delete the last admin. Only admins can be it, so only for them it is asked. */
function useIsOnlyAdmin({ role }: User): boolean {
  const admins = useQuery({ ...queries.userCount(useCall(), { role: 'admin' }), enabled: role === 'admin' });
  return role === 'admin' && admins.data?.count === 1;
}

/** Says what goes, with numbers as soon as they are known. */
function Losses({ user, isOneself }: { user: User; isOneself: boolean }) {
  const activity = useQuery(queries.userActivity(useCall(), user.id)).data;
  const posts = activity ? counted(activity.posts, 'post') : 'all posts';
  const devices = activity ? counted(activity.open_sessions, 'device') : 'all devices';
  const whose = isOneself ? 'your account' : user.uid;
  return (
    <>{`This deletes ${whose} and ${posts}, and signs ${isOneself ? 'you' : 'them'} out on ${devices}. It cannot be undone.`}</>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
