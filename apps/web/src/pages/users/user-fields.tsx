import type { Role } from '@signet/contracts';
import { useFormContext } from 'react-hook-form';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { fieldText } from '../errors/problem-texts.ts';
import { UidInput } from '../uid-input.tsx';

type UserValues = { name: string; uid: string; dob: string | null; role: Role };

/** The fields that both forms for a user share. Needs a `FormProvider` around it. */
export function UserFields({ mayGiveRole }: { mayGiveRole: boolean }) {
  const { register, formState } = useFormContext<UserValues>();
  const { errors } = formState;
  return (
    <>
      <Field label="Name" error={fieldText(errors.name)}>
        {(attributes) => <TextInput autoComplete="off" {...attributes} {...register('name')} />}
      </Field>
      <Field label="User ID" error={fieldText(errors.uid)}>
        {(attributes) => <UidInput autoComplete="off" {...attributes} {...register('uid')} />}
      </Field>
      <Field label="Date of birth" optional error={fieldText(errors.dob)}>
        {(attributes) => (
          <TextInput
            type="date"
            autoComplete="off"
            {...attributes}
            {...register('dob', { setValueAs: (text) => text || null })}
          />
        )}
      </Field>
      {mayGiveRole && (
        <Field label="Role" error={fieldText(errors.role)}>
          {(attributes) => (
            <Select {...attributes} {...register('role')}>
              <option value="user">user</option>
              <option value="admin">admin</option>
            </Select>
          )}
        </Field>
      )}
    </>
  );
}
