import { useFormContext } from 'react-hook-form';
import { Field, PasswordInput, TextInput } from '../../ui/field.tsx';
import { fieldText } from '../errors/problem-texts.ts';
import { UidInput } from '../uid-input.tsx';

type PlayerValues = { name: string; uid: string; tokens: number; password: string };

/** The fields that an issue of the API can be shown beside. */
export const playerFields = ['name', 'uid', 'tokens', 'password'] as const;

/** The fields that both forms for a player share. Needs a `FormProvider` around it. */
export function PlayerFields({ keepsPassword = false }: { keepsPassword?: boolean }) {
  const { register, formState } = useFormContext<PlayerValues>();
  const { errors } = formState;
  return (
    <>
      <Field label="Name" error={fieldText(errors.name)}>
        {(attributes) => <TextInput autoComplete="off" {...attributes} {...register('name')} />}
      </Field>
      <Field label="User ID" error={fieldText(errors.uid)}>
        {(attributes) => <UidInput autoComplete="off" {...attributes} {...register('uid')} />}
      </Field>
      <Field label="Tokens won" error={fieldText(errors.tokens)}>
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
        error={fieldText(errors.password)}
        hint={`${keepsPassword ? 'Leave empty to keep the current password.' : 'At least 8 characters.'} It is part of the tutorial's data and signs in nowhere.`}
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
