import { AuditEventName } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { eventTexts } from '../audit-texts.ts';
import { queries, useCall } from '../queries.ts';
import { refusedOnly, type useAuditSearch } from './audit-search.ts';

type AuditSearch = ReturnType<typeof useAuditSearch>;

/** The filters of the log, and beside them `children`. */
export function AuditFilters({ search, children }: { search: AuditSearch; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-end gap-3 print:hidden">
      <Filter label="Event" className="grow basis-52 sm:max-w-64">
        {(id) => (
          <Select id={id} value={search.event} onChange={(event) => search.set('event', event.target.value)}>
            <option value="">All events</option>
            <option value={refusedOnly}>Refused only</option>
            {AuditEventName.options.map((name) => (
              <option key={name} value={name}>
                {eventTexts[name].text}
              </option>
            ))}
          </Select>
        )}
      </Filter>
      <UserFilter search={search} />
      {(['from', 'to'] as const).map((name) => (
        <Filter key={name} label={name === 'from' ? 'From' : 'To'} className="grow basis-36 sm:max-w-44">
          {(id) => (
            <TextInput
              id={id}
              type="date"
              value={search[name]}
              onChange={(event) => search.set(name, event.target.value)}
            />
          )}
        </Filter>
      ))}
      {search.isFiltered && (
        <Button look="quiet" onClick={search.reset}>
          Clear filters
        </Button>
      )}
      <div className="sm:ml-auto">{children}</div>
    </div>
  );
}

type FilterProps = { label: string; className: string; children: (id: string) => ReactNode };

function Filter({ label, className, children }: FilterProps) {
  const id = useId();
  return (
    <div className={`grid min-w-0 gap-1.5 ${className}`}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** A field that suggests users as one types; the filter applies once it holds a user's whole user ID. */
function UserFilter({ search }: { search: AuditSearch }) {
  if (search.user === undefined) return <UserField onChoose={(id) => search.set('user', String(id))} />;
  return <ChosenUser id={search.user} onRemove={() => search.set('user', '')} />;
}

function UserField({ onChoose }: { onChoose: (id: number) => void }) {
  const listId = useId();
  const [text, setText] = useState('');
  const q = text.trim();
  const found = useInfiniteQuery({ ...queries.users(useCall(), { q }), enabled: q.length > 1 });
  const users = q.length > 1 ? (found.data?.pages[0]?.items ?? []) : [];
  const chosen = users.find(({ uid }) => uid.toLowerCase() === q.toLowerCase());
  return (
    <Filter label="User" className="grow basis-52 sm:max-w-64">
      {(id) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const user = chosen ?? users[0];
            if (user) onChoose(user.id);
          }}
        >
          <TextInput
            id={id}
            list={listId}
            value={text}
            placeholder="Name or user ID, then Enter"
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
          <datalist id={listId}>
            {users.map((user) => (
              <option key={user.id} value={user.uid}>
                {user.name}
              </option>
            ))}
          </datalist>
        </form>
      )}
    </Filter>
  );
}

function ChosenUser({ id, onRemove }: { id: number; onRemove: () => void }) {
  const user = useQuery(queries.user(useCall(), id)).data;
  return (
    <div className="grid min-w-0 gap-1.5">
      <span className="font-medium text-sm">User</span>
      <Button onClick={onRemove} aria-label={`Show all users, not only ${user?.uid ?? id}`}>
        <span className="max-w-48 truncate">{user?.uid ?? `ID ${id}`}</span>
        <X aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
