import type { ComponentProps } from 'react';
import { TextInput } from '../ui/field.tsx';

/** For a user ID, which is no word of any language: a phone's keyboard must not capitalize or correct it. */
export function UidInput({
  autoComplete,
  ...rest
}: ComponentProps<'input'> & { autoComplete: 'username' | 'off' }) {
  return (
    <TextInput
      autoComplete={autoComplete}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...rest}
    />
  );
}
