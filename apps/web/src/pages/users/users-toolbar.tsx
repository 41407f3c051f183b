import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useId, useRef } from 'react';
import { onFirstUse } from '../../ui/on-first-use.ts';
import { useKey } from '../../ui/use-key.ts';
import { queries, useCall } from '../queries.ts';
import type { useUserSearch } from './user-search.ts';

type UserSearch = ReturnType<typeof useUserSearch>;

/** Search, role and order of the list, and how many users it has. */
export function UsersToolbar({ search }: { search: UserSearch }) {
  const field = useRef<HTMLInputElement>(null);
  useKey('/', () => field.current?.focus());
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="relative min-w-0 grow basis-64 sm:max-w-md print:hidden">
        <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3.5 size-4 text-muted" />
        <input
          ref={field}
          type="search"
          name="q"
          aria-label="Search users"
          aria-keyshortcuts="/"
          placeholder="Beginning of a name or user ID"
          value={search.text}
          maxLength={255}
          onChange={(event) => search.setText(event.target.value)}
          className="h-11 w-full rounded-lg border border-edge bg-surface pr-3 pl-10 text-base placeholder:text-muted sm:text-[0.9375rem]"
        />
      </div>
      <Choice label="Role" value={search.role} onChange={search.setRole}>
        <option value="">All roles</option>
        <option value="admin">Admins</option>
        <option value="user">Users</option>
      </Choice>
      <Choice
        label="Order"
        value={search.isSearch ? '' : search.sort}
        onChange={search.setSort}
        isOff={search.isSearch}
      >
        <option value="">{search.isSearch ? 'Best match' : 'Oldest first'}</option>
        <option value="newest">Newest first</option>
        <option value="name">By name</option>
      </Choice>
      <Count search={search} />
    </div>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  isOff?: boolean;
  children: React.ReactNode;
};

function Choice({ label, value, onChange, isOff = false, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="print:hidden">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={isOff}
        onChange={(event) => onChange(event.target.value)}
        className="h-11 rounded-lg border border-edge bg-surface px-3 text-base disabled:text-muted sm:text-[0.9375rem]"
      >
        {children}
      </select>
    </div>
  );
}

const number = onFirstUse(() => new Intl.NumberFormat('en'));

/** Keeps its place while the number loads, on a line of its own where that is narrow, so that nothing moves. */
function Count({ search: { filter } }: { search: UserSearch }) {
  const { q, role } = filter;
  const { data } = useQuery(queries.userCount(useCall(), { ...(q && { q }), ...(role && { role }) }));
  return (
    <p
      role="status"
      className="flex h-5 w-full items-center text-muted text-sm tabular-nums sm:ml-auto sm:h-11 sm:w-auto"
    >
      {data &&
        `${data.more ? 'More than ' : ''}${number().format(data.count)} ${data.count === 1 ? 'user' : 'users'}`}
    </p>
  );
}
