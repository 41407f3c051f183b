import type { User } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Search, UserPlus, UsersRound } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Page } from '../../ui/page.tsx';
import { Loading } from '../../ui/skeleton.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queries, useCall } from '../queries.ts';
import { useUserSearch } from './user-search.ts';
import { UsersTable } from './users-table.tsx';

const CreateUserDialog = lazyPart(() => import('./create-user-dialog.tsx'), 'CreateUserDialog');
const EditUserDialog = lazyPart(() => import('./edit-user-dialog.tsx'), 'EditUserDialog');
const DeleteUserDialog = lazyPart(() => import('../delete-user-dialog.tsx'), 'DeleteUserDialog');

type Open = { dialog: 'create' } | { dialog: 'edit' | 'delete'; user: User };

export function UsersPage() {
  const [open, setOpen] = useState<Open | null>(null);
  const search = useUserSearch();
  const call = useCall();
  const me = useQuery(queries.me(call));
  const users = useInfiniteQuery(queries.users(call, search.prefix));
  const found = users.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => setOpen(null);

  return (
    <Page
      title="Users"
      description="Admins can edit everyone. You can edit yourself."
      actions={
        <Button look="primary" disabled={me.isError} onClick={() => setOpen({ dialog: 'create' })}>
          <UserPlus aria-hidden className="size-4" />
          New user
        </Button>
      }
    >
      <div className="relative max-w-md">
        <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3.5 size-4 text-muted" />
        <input
          type="search"
          aria-label="Search users"
          placeholder="User ID or name begins with…"
          value={search.text}
          maxLength={255}
          onChange={(event) => search.setText(event.target.value)}
          className="h-11 w-full rounded-lg border border-edge bg-surface pr-3 pl-10 text-base placeholder:text-muted sm:text-[0.9375rem]"
        />
      </div>
      {users.isError && <ErrorAlert error={users.error} onRetry={() => users.refetch()} />}
      {users.isPending && <Loading label="Loading users" rows={6} />}
      {users.isSuccess && found.length === 0 && (
        <EmptyState
          icon={UsersRound}
          title="No users found"
          action={<Button onClick={() => search.setText('')}>Show all users</Button>}
        >
          {`No user ID or name begins with “${search.prefix}”.`}
        </EmptyState>
      )}
      {found.length > 0 && (
        <UsersTable
          users={found}
          me={me.data}
          onEdit={(user) => setOpen({ dialog: 'edit', user })}
          onDelete={(user) => setOpen({ dialog: 'delete', user })}
        />
      )}
      <LoadMore query={users} what="users" />
      <Suspense>
        {open?.dialog === 'create' && me.data && <CreateUserDialog onClose={close} me={me.data} />}
        {open?.dialog === 'edit' && me.data && (
          <EditUserDialog user={open.user} onClose={close} me={me.data} />
        )}
        {open?.dialog === 'delete' && me.data && (
          <DeleteUserDialog user={open.user} onClose={close} me={me.data} />
        )}
      </Suspense>
    </Page>
  );
}
