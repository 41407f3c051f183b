import type { User } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { UserPlus, UsersRound } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { generatePath, useMatch } from 'react-router';
import { BackToTop } from '../../ui/back-to-top.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { LoadingRows } from '../../ui/loading-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { useDialogAddress } from '../dialog-address.ts';
import { QueryProblem } from '../errors/query-problem.tsx';
import { LoadMore } from '../load-more.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { useUserSearch } from './user-search.ts';
import { UsersTable } from './users-table.tsx';
import { UsersToolbar } from './users-toolbar.tsx';

const CreateUserDialog = lazyPart(() => import('./create-user-dialog.tsx'), 'CreateUserDialog');
const EditUserDialog = lazyPart(() => import('./edit-user-dialog.tsx'), 'EditUserDialog');
const EndUserSessionsDialog = lazyPart(
  () => import('./end-user-sessions-dialog.tsx'),
  'EndUserSessionsDialog',
);
const DeleteUserDialog = lazyPart(() => import('../delete-user-dialog.tsx'), 'DeleteUserDialog');

type Open = { dialog: 'end-sessions' | 'delete'; user: User };

export function UsersPage() {
  const [open, setOpen] = useState<Open | null>(null);
  const search = useUserSearch();
  const call = useCall();
  const { data: me, isError: isUnknown } = useQuery(queries.me(call));
  const users = useInfiniteQuery(queries.users(call, search.filter));
  const found = users.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = useRef<HTMLTableSectionElement>(null);
  const close = () => setOpen(null);
  const address = useDialogAddress(paths.users);
  const isCreating = useMatch(paths.newUser) !== null;
  const edited = useMatch(paths.editUser)?.params.id;

  return (
    <Page
      title="Users"
      description={
        me?.role === 'user'
          ? 'You can edit yourself. Where sign-up is open, anyone can add a user.'
          : 'Admins can edit everyone, end sessions and set passwords.'
      }
      actions={
        <Button
          look={me?.role === 'user' ? 'secondary' : 'primary'}
          disabled={isUnknown}
          onClick={() => address.open(paths.newUser)}
        >
          <UserPlus aria-hidden className="size-4" />
          New user
        </Button>
      }
    >
      <UsersToolbar search={search} />
      <QueryProblem query={users} />
      {users.isPending && <LoadingRows label="Loading users" rowClass="h-25 md:h-16.5" areCards />}
      {users.isSuccess && found.length === 0 && (
        <EmptyState
          icon={UsersRound}
          title="No users found"
          action={<Button onClick={search.reset}>Show all users</Button>}
        >
          {search.isSearch
            ? `No user ID and no word of a name begins with “${search.prefix}”. Try fewer letters.`
            : 'No user has this role.'}
        </EmptyState>
      )}
      {found.length > 0 && (
        <UsersTable
          users={found}
          me={me}
          query={search.isSearch ? search.prefix.trim() : ''}
          onEdit={(user) => address.open(generatePath(paths.editUser, { id: String(user.id) }))}
          onEndSessions={(user) => setOpen({ dialog: 'end-sessions', user })}
          onDelete={(user) => setOpen({ dialog: 'delete', user })}
          rows={rows}
        />
      )}
      <LoadMore query={users} what="users" list={rows} onScroll />
      <BackToTop />
      <Suspense>
        {isCreating && me && <CreateUserDialog onClose={address.close} me={me} />}
        {edited !== undefined && me && <EditUserDialog id={Number(edited)} onClose={address.close} me={me} />}
        {open?.dialog === 'end-sessions' && <EndUserSessionsDialog user={open.user} onClose={close} />}
        {open?.dialog === 'delete' && me && <DeleteUserDialog user={open.user} onClose={close} me={me} />}
      </Suspense>
    </Page>
  );
}
