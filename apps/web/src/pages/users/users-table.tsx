import type { User } from '@signet/contracts';
import { LogOut, Pencil, Trash2 } from 'lucide-react';
import type { Ref } from 'react';
import { generatePath, Link } from 'react-router';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import type { MenuItem } from '../../ui/menu-item.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { paths } from '../paths.ts';
import { BirthDate } from './birth-date.tsx';

type UsersTableProps = {
  users: readonly User[];
  me: User | undefined;
  /** What the search is for, which is marked. */
  query: string;
  onEdit: (user: User) => void;
  onEndSessions: (user: User) => void;
  onDelete: (user: User) => void;
  rows: Ref<HTMLTableSectionElement>;
};

/** A table whose rows become cards on a narrow screen. A row opens the user's page. */
export function UsersTable({ users, rows, ...actions }: UsersTableProps) {
  const isAdmin = actions.me?.role === 'admin';
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
          {isAdmin && (
            <th scope="col" className="hidden w-42 px-3 py-3 font-medium xl:table-cell">
              Date of birth
            </th>
          )}
          <th scope="col" className="w-20 px-5 py-3 font-medium">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody ref={rows} className="grid gap-3 md:table-row-group">
        {users.map((user) => (
          <UserRow key={user.id} user={user} isAdmin={isAdmin} {...actions} />
        ))}
      </tbody>
    </table>
  );
}

type UserRowProps = Omit<UsersTableProps, 'users' | 'rows'> & { user: User; isAdmin: boolean };

function UserRow({ user, me, isAdmin, query, onEdit, onEndSessions, onDelete }: UserRowProps) {
  const isOneself = user.id === me?.id;
  const items: MenuItem[] = [
    { label: 'Edit', icon: Pencil, onSelect: () => onEdit(user) },
    ...(isAdmin && !isOneself
      ? [{ label: 'Sign out everywhere', icon: LogOut, onSelect: () => onEndSessions(user) }]
      : []),
    { label: 'Delete', icon: Trash2, isDangerous: true, onSelect: () => onDelete(user) },
  ];
  return (
    <tr className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 rounded-2xl border border-line bg-surface p-4 shadow-panel outline-offset-[-2px] hover:border-edge md:table-row md:rounded-none md:border-0 md:border-b md:p-0 md:shadow-none md:last:border-b-0 md:hover:bg-ink/3">
      <td className="min-w-0 md:table-cell md:px-5 md:py-3">
        <div className="flex min-w-0 items-center gap-3">
          <Avatar name={user.name} />
          <div className="min-w-0 leading-snug">
            <p className="flex min-w-0 items-center gap-2">
              <Link
                to={generatePath(paths.user, { id: String(user.id) })}
                title={user.name}
                // The link covers its row.
                className="truncate font-medium after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
              >
                <MarkedText text={user.name} query={query} />
              </Link>
              {isOneself && <Badge>you</Badge>}
            </p>
            <p className="truncate text-muted text-sm" title={user.uid}>
              <MarkedText text={user.uid} query={query} />
            </p>
          </div>
        </div>
      </td>
      <td className="pl-12 md:table-cell md:px-3 md:py-3">
        <Badge>{user.role}</Badge>
      </td>
      {isAdmin && (
        <td className="hidden text-sm xl:table-cell xl:px-3 xl:py-3">
          <BirthDate user={user} />
        </td>
      )}
      <td className="col-start-2 row-start-1 text-right empty:hidden md:table-cell md:px-5 md:py-3 md:empty:table-cell">
        {(isOneself || isAdmin) && <RowMenu label={`Actions for ${user.uid}`} items={items} />}
      </td>
    </tr>
  );
}
