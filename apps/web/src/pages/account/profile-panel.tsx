import { endpoints, UpdateUser, type User } from '@signet/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toasts.ts';
import { CurrentPasswordField } from '../current-password-field.tsx';
import { RestoredDraft, useDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queryKeys, useCall } from '../queries.ts';
import { UidInput } from '../uid-input.tsx';
import { useNativeForm } from '../use-native-form.ts';

export function ProfilePanel({ me }: { me: User }) {
  const [round, setRound] = useState(0);
  return (
    <Panel
      title="Profile"
      description="Other users see your name and user ID. Only you and admins see your date of birth."
      actions={<Badge>{me.role}</Badge>}
    >
      {/* Another key gives the inputs their first values again: after a save, and without a draft. */}
      <ProfileForm
        key={[round, me.name, me.uid, me.dob].join()}
        me={me}
        onDiscard={() => setRound(round + 1)}
      />
    </Panel>
  );
}

type Texts = Readonly<Record<string, unknown>>;

function ProfileForm({ me, onDiscard }: { me: User; onDiscard: () => void }) {
  const call = useCall();
  const queryClient = useQueryClient();
  const draft = useDraft('profile');
  const saved: Texts = { name: me.name, uid: me.uid, dob: me.dob ?? '' };
  const [restored] = useState(draft.find);
  const [texts, setTexts] = useState<Texts>({ ...saved, ...restored });
  const profile = useNativeForm({
    schema: UpdateUser,
    empty: { dob: null, current_password: undefined },
    send: (changes) => call(endpoints.updateUser, { params: { id: me.id }, body: changes }),
    onSuccess: (updated) => {
      notify('Profile saved');
      draft.drop();
      queryClient.setQueryData(queryKeys.me, updated);
      return queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
    onEdit: ({ name = '', uid = '', dob = '' }) => {
      // Without the password, because a draft is stored as readable text.
      draft.keep({ name, uid, dob });
      setTexts({ name, uid, dob });
    },
  });
  const { errors } = profile;
  const isChanged = Object.keys(saved).some((name) => texts[name] !== saved[name]);
  const first = (name: string) => String(restored?.[name] ?? saved[name] ?? '');

  return (
    <form {...profile.form} className="grid gap-4">
      {restored && (
        <RestoredDraft
          onDiscard={() => {
            draft.drop();
            onDiscard();
          }}
        />
      )}
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
      {texts.uid !== me.uid && (
        <CurrentPasswordField name="current_password" error={errors.current_password} />
      )}
      <Field label="Date of birth" optional error={errors.dob}>
        {(attributes) => <TextInput name="dob" type="date" defaultValue={first('dob')} {...attributes} />}
      </Field>
      {profile.problem && <ErrorAlert error={profile.problem} />}
      <Button
        type="submit"
        look={isChanged ? 'primary' : 'secondary'}
        busy={profile.isPending}
        className="justify-self-start"
      >
        Save profile
      </Button>
    </form>
  );
}
