import type { Role } from '@signet/contracts';
import { useFormContext } from 'react-hook-form';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { UidInput } from '../uid-input.tsx';

type UserValues = { name: string; uid: string; dob: string | null; role: Role };

/** What the forms about a user have in common. They stand inside a `FormProvider`. */
export function UserFields({ mayGiveRole }: { mayGiveRole: boolean }) {
  const { register, formState } = useFormContext<UserValues>();
  const { errors } = formState;
  return (
    <>
      <Field label="Name" error={errors.name?.message}>
        {(attributes) => <TextInput autoComplete="off" {...attributes} {...register('name')} />}
      </Field>
      <Field label="User ID" error={errors.uid?.message}>
        {(attributes) => <UidInput autoComplete="off" {...attributes} {...register('uid')} />}
      </Field>
      <Field label="Date of birth" optional error={errors.dob?.message}>
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
        <Field label="Role" error={errors.role?.message}>
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
