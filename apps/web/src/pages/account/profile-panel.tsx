import { zodResolver } from '@hookform/resolvers/zod';
import { endpoints, UpdateUser, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toasts.ts';
import { CurrentPasswordField } from '../current-password-field.tsx';
import { RestoredDraft, useFormDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { isWrongPassword, showIssues } from '../errors/field-issues.ts';
import { fieldText } from '../errors/problem-texts.ts';
import { queryKeys, useCall } from '../queries.ts';
import { UidInput } from '../uid-input.tsx';
import { useSubmit } from '../use-submit.ts';

export function ProfilePanel({ me }: { me: User }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const form = useForm<UpdateUser>({
    resolver: zodResolver(UpdateUser),
    defaultValues: { name: me.name, uid: me.uid, dob: me.dob ?? null },
  });
  const isUidChanged = form.watch('uid') !== me.uid;
  const { errors, isDirty } = form.formState;
  const draft = useFormDraft(form, 'profile', ['name', 'uid', 'dob']);
  const save = useSubmit({
    mutationFn: (changes: UpdateUser) => call(endpoints.updateUser, { params: { id: me.id }, body: changes }),
    onSuccess: (updated) => {
      notify('Profile saved');
      draft.drop();
      queryClient.setQueryData(queryKeys.me, updated);
      form.reset({ name: updated.name, uid: updated.uid, dob: updated.dob ?? null });
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  const submit = form.handleSubmit((changes) =>
    save.mutate(changes, {
      onError: (error) => showIssues(form.setError, error, ['name', 'uid', 'dob', 'current_password']),
    }),
  );

  return (
    <Panel
      title="Profile"
      description="Other users see your name and user ID. Only you and admins see your date of birth."
      actions={<Badge tone={me.role === 'admin' ? 'signature' : 'neutral'}>{me.role}</Badge>}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        {draft.isRestored && <RestoredDraft onDiscard={draft.discard} />}
        <Field label="Name" error={fieldText(errors.name)}>
          {(attributes) => <TextInput autoComplete="name" {...attributes} {...form.register('name')} />}
        </Field>
        <Field label="User ID" error={fieldText(errors.uid)}>
          {(attributes) => <UidInput autoComplete="username" {...attributes} {...form.register('uid')} />}
        </Field>
        {isUidChanged && <CurrentPasswordField register={form.register} error={errors.current_password} />}
        <Field label="Date of birth" optional error={fieldText(errors.dob)}>
          {(attributes) => (
            <TextInput
              type="date"
              autoComplete="bday"
              {...attributes}
              {...form.register('dob', { setValueAs: (text) => text || null })}
            />
          )}
        </Field>
        {save.isError && !isWrongPassword(save.error) && <ErrorAlert error={save.error} />}
        <Button
          type="submit"
          look={isDirty ? 'primary' : 'secondary'}
          busy={save.isPending}
          className="justify-self-start"
        >
          Save profile
        </Button>
      </form>
    </Panel>
  );
}
