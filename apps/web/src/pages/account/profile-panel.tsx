import { endpoints, UpdateUser, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toasts.ts';
import { CurrentPasswordField } from '../current-password-field.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { UidInput } from '../uid-input.tsx';
import { useDraftForm } from '../use-draft-form.tsx';

export function ProfilePanel({ me }: { me: User }) {
  return (
    <Panel
      title="Profile"
      description="Other users see your name and user ID. Only you and admins see your date of birth."
      actions={<Badge>{me.role}</Badge>}
    >
      {/* Another key gives the inputs their first values again after a save. */}
      <ProfileForm key={[me.name, me.uid, me.dob].join()} me={me} />
    </Panel>
  );
}

function ProfileForm({ me }: { me: User }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const profile = useDraftForm({
    draft: 'profile',
    saved: { name: me.name, uid: me.uid, dob: me.dob ?? '' },
    schema: UpdateUser,
    empty: { dob: null, current_password: undefined },
    send: (changes) => call(endpoints.updateUser, { params: { id: me.id }, body: changes }),
    onSuccess: (updated) => {
      notify('Profile saved');
      queryClient.setQueryData(queryKeys.me, updated);
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });
  const { errors, first } = profile;

  return (
    <form key={profile.key} {...profile.form} className="grid gap-4">
      {profile.notice}
      <Field label="Name" error={errors.name}>
        {(attributes) => (
          <TextInput name="name" autoComplete="name" defaultValue={first('name')} {...attributes} />
        )}
      </Field>
      <Field label="User ID" error={errors.uid}>
        {(attributes) => (
          <UidInput name="uid" autoComplete="username" defaultValue={first('uid')} {...attributes} />
        )}
      </Field>
      {profile.texts.uid !== me.uid && (
        <CurrentPasswordField name="current_password" error={errors.current_password} />
      )}
      <Field label="Date of birth" optional error={errors.dob}>
        {(attributes) => <TextInput name="dob" type="date" defaultValue={first('dob')} {...attributes} />}
      </Field>
      {profile.problem && <ErrorAlert error={profile.problem} />}
      <Button
        type="submit"
        look={profile.isChanged ? 'primary' : 'secondary'}
        busy={profile.isPending}
        className="justify-self-start"
      >
        Save profile
      </Button>
    </form>
  );
}
