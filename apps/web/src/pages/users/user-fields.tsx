import { Field, Select, TextInput } from '../../ui/field.tsx';
import { UidInput } from '../uid-input.tsx';

type UserFieldsProps = {
  mayGiveRole: boolean;
  /** What each field holds at first. */
  first: (name: string) => string;
  errors: Readonly<Record<string, string | undefined>>;
};

/** The fields that both forms for a user share. */
export function UserFields({ mayGiveRole, first, errors }: UserFieldsProps) {
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
      <Field label="Date of birth" optional error={errors.dob}>
        {(attributes) => (
          <TextInput name="dob" type="date" autoComplete="off" defaultValue={first('dob')} {...attributes} />
        )}
      </Field>
      {mayGiveRole && (
        <Field label="Role" error={errors.role}>
          {(attributes) => (
            <Select name="role" defaultValue={first('role')} {...attributes}>
              <option value="user">user</option>
              <option value="admin">admin</option>
            </Select>
          )}
        </Field>
      )}
    </>
  );
}
