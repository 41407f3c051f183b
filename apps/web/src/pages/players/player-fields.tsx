import { Field, PasswordInput, TextInput } from '../../ui/field.tsx';
import { UidInput } from '../uid-input.tsx';

type PlayerFieldsProps = {
  keepsPassword?: boolean;
  /** What each field holds at first. */
  first: (name: string) => string;
  errors: Readonly<Record<string, string | undefined>>;
};

/** The fields that both forms for a player share. */
export function PlayerFields({ keepsPassword = false, first, errors }: PlayerFieldsProps) {
  return (
    <>
      <Field label="Name" error={errors.name}>
        {(attributes) => (
          <TextInput name="name" autoComplete="off" defaultValue={first('name')} {...attributes} />
        )}
      </Field>
      <Field label="User ID" error={errors.uid}>
        {(attributes) => (
          <UidInput name="uid" autoComplete="off" defaultValue={first('uid')} {...attributes} />
        )}
      </Field>
      <Field label="Tokens won" error={errors.tokens}>
        {(attributes) => (
          <TextInput
            name="tokens"
            type="number"
            inputMode="numeric"
            min={0}
            step={1}
            autoComplete="off"
            defaultValue={first('tokens')}
            {...attributes}
          />
        )}
      </Field>
      <Field
        label={keepsPassword ? 'New password' : 'Password'}
        optional={keepsPassword}
        error={errors.password}
        hint={`${keepsPassword ? 'Leave empty to keep the current password.' : 'At least 8 characters.'} It is part of the tutorial's data and signs in nowhere.`}
      >
        {(attributes) => <PasswordInput name="password" autoComplete="new-password" {...attributes} />}
      </Field>
    </>
  );
}
