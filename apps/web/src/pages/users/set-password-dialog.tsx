import { zodResolver } from '@hookform/resolvers/zod';
import { endpoints, SetPassword, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { fieldText } from '../errors/problem-texts.ts';
import { queryKeys, useCall } from '../queries.ts';
import { useFormSubmit } from '../use-form-submit.ts';

/** An admin gives another user a password. No draft is kept of it. */
export function SetPasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const form = useForm({ resolver: zodResolver(SetPassword), defaultValues: { new_password: '' } });
  const set = useFormSubmit(form, ['new_password'], {
    mutationFn: (body: SetPassword) => call(endpoints.setPassword, { params: { id: user.id }, body }),
    onSuccess: () => {
      notify(`Password of ${user.uid} set`);
      onClose();
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  return (
    <Dialog
      onClose={onClose}
      isChanged={form.formState.isDirty}
      title="Set a password"
      description={`This signs out ${user.uid} everywhere. Tell them the new password in a safe way.`}
    >
      <form
        onSubmit={form.handleSubmit((password) => set.mutate(password))}
        noValidate
        className="grid gap-4"
      >
        {/* Tells a password manager whose password is set. */}
        <input type="text" id="username" autoComplete="username" value={user.uid} readOnly hidden />
        <Field
          label="New password"
          error={fieldText(form.formState.errors.new_password)}
          hint="At least 8 characters. Longer is safer."
        >
          {(attributes) => (
            <PasswordInput autoComplete="new-password" {...attributes} {...form.register('new_password')} />
          )}
        </Field>
        {set.problem && <ErrorAlert error={set.problem} />}
        <Button type="submit" look="primary" busy={set.isPending} className="mt-1">
          Set password
        </Button>
      </form>
    </Dialog>
  );
}
