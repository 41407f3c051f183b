import { ChangePassword } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useAuth } from '../../session/auth-context.tsx';
import { LostPasswordAnswer } from '../../session/password-change.ts';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys } from '../queries.ts';
import { useNativeForm } from '../use-native-form.ts';

export function PasswordPanel({ uid }: { uid: string }) {
  const auth = useAuth();
  const queryClient = useQueryClient();
  const change = useNativeForm({
    schema: ChangePassword,
    send: auth.changePassword,
    onSuccess: () => {
      notify('Password changed. Other devices are signed out.');
      change.reset();
      return queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
    },
  });
  const { errors, problem } = change;

  return (
    <Panel title="Password" description="Changing it signs out your other devices.">
      <form {...change.form} className="grid gap-4">
        {/* Tells a password manager whose password is changed. */}
        <input type="text" id="username" autoComplete="username" value={uid} readOnly hidden />
        <Field label="Current password" error={errors.current_password}>
          {(attributes) => (
            <PasswordInput name="current_password" autoComplete="current-password" {...attributes} />
          )}
        </Field>
        <Field
          label="New password"
          error={errors.new_password}
          hint="At least 8 characters. Longer is safer."
        >
          {(attributes) => <PasswordInput name="new_password" autoComplete="new-password" {...attributes} />}
        </Field>
        {problem instanceof LostPasswordAnswer && (
          <Alert tone="danger" title="The answer was lost">
            <p>
              Your password may or may not have been changed. Try the new one at your next sign-in, then the
              old one.
            </p>
          </Alert>
        )}
        {problem && !(problem instanceof LostPasswordAnswer) && <ErrorAlert error={problem} />}
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          Change password
        </Button>
      </form>
    </Panel>
  );
}
