import { AuditEventName } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Select, TextInput } from '../../ui/field.tsx';
import { eventTexts } from '../audit-texts.ts';
import { queries, useCall } from '../queries.ts';
import { refusedOnly, type useAuditSearch } from './audit-search.ts';

type AuditSearch = ReturnType<typeof useAuditSearch>;

/**
 * The filters of the log, and beside them `children`. On a phone a button shows and hides them, because they would fill
 * the first screen.
 */
export function AuditFilters({ search, children }: { search: AuditSearch; children: ReactNode }) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const active = [search.event, search.user, search.from, search.to].filter(Boolean).length;
  return (
    <div className="flex flex-wrap items-end gap-3 print:hidden">
      <Button
        className="sm:hidden"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {active === 0 ? 'Filters' : `Filters (${active})`}
      </Button>
      <div
        id={id}
        className={classNames(
          'grid w-full grid-cols-2 items-end gap-3 md:grid-cols-4 xl:w-auto xl:max-w-4xl xl:grow',
          isOpen ? '' : 'max-sm:hidden',
        )}
      >
        <Filters search={search} />
      </div>
      {search.isFiltered && (
        <Button look="quiet" onClick={search.reset}>
          Clear filters
        </Button>
      )}
      <div className="sm:ml-auto">{children}</div>
    </div>
  );
}

function Filters({ search }: { search: AuditSearch }) {
  return (
    <>
      <Filter label="Event" className="max-sm:col-span-2">
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
        <Filter key={name} label={name === 'from' ? 'From' : 'To'}>
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
    </>
  );
}

type FilterProps = { label: string; className?: string; children: (id: string) => ReactNode };

function Filter({ label, className = '', children }: FilterProps) {
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
    <Filter label="User" className="max-sm:col-span-2">
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
    <div className="grid min-w-0 gap-1.5 max-sm:col-span-2">
      <span className="font-medium text-sm">User</span>
      <Button
        className="min-w-0 justify-between"
        onClick={onRemove}
        aria-label={`Show all users, not only ${user?.uid ?? id}`}
      >
        <span className="truncate">{user?.uid ?? `ID ${id}`}</span>
        <X aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
