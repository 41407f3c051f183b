import type { User } from '@signet/contracts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { Day } from '../../ui/time.tsx';

type UsersTableProps = {
  users: readonly User[];
  me: User | undefined;
  onEdit: (user: User) => void;
  onDelete: (user: User) => void;
};

/** A table whose rows become cards on a narrow screen. */
export function UsersTable({ users, me, onEdit, onDelete }: UsersTableProps) {
  return (
    <table className="block w-full table-fixed text-left md:table md:overflow-hidden md:rounded-2xl md:border md:border-line md:bg-surface md:shadow-panel">
      <caption className="sr-only">Users</caption>
      <thead className="sr-only border-line border-b text-muted text-sm md:not-sr-only md:table-header-group">
        <tr className="md:table-row">
          <th scope="col" className="px-5 py-3 font-medium">
            User
          </th>
          <th scope="col" className="w-24 px-3 py-3 font-medium">
            Role
          </th>
          <th scope="col" className="w-42 px-3 py-3 font-medium">
            Date of birth
          </th>
          <th scope="col" className="w-56 px-5 py-3 font-medium">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody className="grid gap-3 md:table-row-group">
        {users.map((user) => (
          <UserRow key={user.id} user={user} me={me} onEdit={onEdit} onDelete={onDelete} />
        ))}
      </tbody>
    </table>
  );
}

function UserRow({ user, me, onEdit, onDelete }: Omit<UsersTableProps, 'users'> & { user: User }) {
  const isOneself = user.id === me?.id;
  const mayChange = isOneself || me?.role === 'admin';
  return (
    <tr className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-3 rounded-2xl border border-line bg-surface p-4 shadow-panel md:table-row md:rounded-none md:border-0 md:border-b md:p-0 md:last:border-b-0 md:shadow-none">
      <td className="col-span-2 min-w-0 md:table-cell md:px-5 md:py-3">
        <div className="flex min-w-0 items-center gap-3">
          <Avatar name={user.name} />
          <div className="min-w-0 leading-snug">
            <p className="flex min-w-0 items-center gap-2">
              <span className="truncate font-medium" title={user.name}>
                {user.name}
              </span>
              {isOneself && <Badge>you</Badge>}
            </p>
            <p className="truncate text-muted text-sm" title={user.uid}>
              {user.uid}
            </p>
          </div>
        </div>
      </td>
      <td className="md:table-cell md:px-3 md:py-3">
        <Badge>{user.role}</Badge>
      </td>
      <td className="text-right text-sm md:table-cell md:px-3 md:py-3 md:text-left">
        <Born user={user} />
      </td>
      <td className="col-span-2 empty:hidden md:table-cell md:px-5 md:py-3 md:empty:table-cell">
        {mayChange && (
          <RowActions name={user.uid} onEdit={() => onEdit(user)} onDelete={() => onDelete(user)} />
        )}
      </td>
    </tr>
  );
}

function Born({ user: { dob, age } }: { user: User }) {
  if (dob === undefined) return <span className="text-muted">hidden</span>;
  if (dob === null) return <span className="text-muted">–</span>;
  return (
    <>
      <Day date={dob} />
      {typeof age === 'number' && <span className="whitespace-nowrap text-muted"> ({age})</span>}
    </>
  );
}
