import type { FieldError, FieldValues, Path, UseFormRegister } from 'react-hook-form';
import { Field, PasswordInput } from '../ui/field.tsx';
import { fieldText } from './errors/problem-texts.ts';

type Props<Values extends FieldValues> = {
  readonly register: UseFormRegister<Values>;
  readonly error: FieldError | undefined;
};

/** For a form in which the user changes their own user ID, which the API refuses without their password. */
export function CurrentPasswordField<Values extends FieldValues & { current_password?: string | undefined }>({
  register,
  error,
}: Props<Values>) {
  return (
    <Field
      label="Current password"
      error={fieldText(error)}
      hint="You sign in with your user ID, so changing it takes your password."
    >
      {(attributes) => (
        <PasswordInput
          autoComplete="current-password"
          {...attributes}
          {...register('current_password' as Path<Values>, {
            // Once the user ID is what it was, the field disappears, and its value is not sent.
            shouldUnregister: true,
            setValueAs: (text) => text || undefined,
          })}
        />
      )}
    </Field>
  );
}
