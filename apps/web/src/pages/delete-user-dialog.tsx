import { endpoints, type User } from '@signet/contracts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAuth } from '../session/auth-context.tsx';
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
  const wrongPassword = isWrongPassword(remove.error) ? 'This is not your current password' : undefined;
  return (
    <ConfirmDialog
      onClose={onClose}
      title={isOneself ? 'Delete your account?' : `Delete ${user.name}?`}
      description={isOneself ? <OwnLosses /> : <Losses uid={user.uid} />}
      action={isOneself ? 'Delete my account' : 'Delete user'}
      isBusy={remove.isPending}
      isReady={uid === user.uid && (!isOneself || password !== '')}
      onConfirm={() => remove.mutate()}
      problem={remove.isError && !wrongPassword && <ErrorAlert error={remove.error} />}
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

function Losses({ uid }: { uid: string }) {
  return <>{`This deletes ${uid} and all their posts, and signs them out. It cannot be undone.`}</>;
}

/** Counts the devices where they are known. */
function OwnLosses() {
  const sessions = useInfiniteQuery(queries.sessions(useCall())).data?.pages[0];
  const count = sessions && `${sessions.items.length}${sessions.next === undefined ? '' : ' or more'}`;
  const devices = count === '1' ? 'signs you out' : `signs you out on ${count ?? 'all'} devices`;
  return <>{`This deletes your account and all your posts, and ${devices}. It cannot be undone.`}</>;
}
