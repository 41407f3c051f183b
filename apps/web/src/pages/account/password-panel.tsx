import { zodResolver } from '@hookform/resolvers/zod';
import { ChangePassword } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useAuth } from '../../session/auth-context.tsx';
import { LostPasswordAnswer } from '../../session/password-change.ts';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { isWrongPassword, showIssues } from '../errors/field-issues.ts';
import { fieldText } from '../errors/problem-texts.ts';
import { queryKeys } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

export function PasswordPanel({ uid }: { uid: string }) {
  const auth = useAuth();
  const queryClient = useQueryClient();
  const form = useForm({
    resolver: zodResolver(ChangePassword),
    defaultValues: { current_password: '', new_password: '' },
  });
  const { errors } = form.formState;
  const change = useSubmit({
    mutationFn: auth.changePassword,
    onSuccess: () => {
      notify('Password changed. Other devices are signed out.');
      form.reset();
      return queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
    },
    onError: (error) => void showIssues(form.setError, error, ['current_password', 'new_password']),
  });

  return (
    <Panel title="Password" description="Changing it signs out your other devices.">
      <form
        onSubmit={form.handleSubmit((passwords) => change.mutate(passwords))}
        noValidate
        className="grid gap-4"
      >
        {/* Tells a password manager whose password is changed. */}
        <input type="text" autoComplete="username" value={uid} readOnly hidden />
        <Field label="Current password" error={fieldText(errors.current_password)}>
          {(attributes) => (
            <PasswordInput
              autoComplete="current-password"
              {...attributes}
              {...form.register('current_password')}
            />
          )}
        </Field>
        <Field
          label="New password"
          error={fieldText(errors.new_password)}
          hint="At least 8 characters. Longer is safer."
        >
          {(attributes) => (
            <PasswordInput autoComplete="new-password" {...attributes} {...form.register('new_password')} />
          )}
        </Field>
        {change.error instanceof LostPasswordAnswer && (
          <Alert tone="danger" title="The answer was lost">
            <p>
              Your password may or may not have been changed. Try the new one at your next sign-in, then the
              old one.
            </p>
          </Alert>
        )}
        {change.isError &&
          !isWrongPassword(change.error) &&
          !(change.error instanceof LostPasswordAnswer) && <ErrorAlert error={change.error} />}
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          Change password
        </Button>
      </form>
    </Panel>
  );
}
