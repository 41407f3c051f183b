import { useFormContext } from 'react-hook-form';
import { Field, PasswordInput, TextInput } from '../../ui/field.tsx';
import { UidInput } from '../uid-input.tsx';

type PlayerValues = { name: string; uid: string; tokens: number; password: string };

/** What an API issue can be shown beside. */
export const playerFields = ['name', 'uid', 'tokens', 'password'] as const;

/** What the forms about a player have in common. They stand inside a `FormProvider`. */
export function PlayerFields({ keepsPassword = false }: { keepsPassword?: boolean }) {
  const { register, formState } = useFormContext<PlayerValues>();
  const { errors } = formState;
  return (
    <>
      <Field label="Name" error={errors.name?.message}>
        {(attributes) => <TextInput autoComplete="off" {...attributes} {...register('name')} />}
      </Field>
      <Field label="User ID" error={errors.uid?.message}>
        {(attributes) => <UidInput autoComplete="off" {...attributes} {...register('uid')} />}
      </Field>
      <Field label="Tokens" error={errors.tokens?.message}>
        {(attributes) => (
          <TextInput
            type="number"
            inputMode="numeric"
            min={0}
            step={1}
            autoComplete="off"
            {...attributes}
            {...register('tokens', { valueAsNumber: true })}
          />
        )}
      </Field>
      <Field
        label={keepsPassword ? 'New password' : 'Password'}
        optional={keepsPassword}
        error={errors.password?.message}
        hint={keepsPassword ? 'Left empty, the password stays as it is.' : '8 characters or more.'}
      >
        {(attributes) => (
          <PasswordInput
            autoComplete="new-password"
            {...attributes}
            {...register(
              'password',
              keepsPassword ? { setValueAs: (text: string) => text || undefined } : {},
            )}
          />
        )}
      </Field>
    </>
  );
}
