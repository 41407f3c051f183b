import type { ComponentProps } from 'react';
import { Field, PasswordInput } from '../ui/field.tsx';

/** For a form in which the user changes their own user ID, which the API refuses without their password. */
export function CurrentPasswordField({
  error,
  ...input
}: ComponentProps<'input'> & { name: string; error: string | undefined }) {
  return (
    <Field
      label="Current password"
      error={error}
      hint="You sign in with your user ID, so changing it takes your password."
    >
      {(attributes) => <PasswordInput autoComplete="current-password" {...attributes} {...input} />}
    </Field>
  );
}
