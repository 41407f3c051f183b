import { useInfiniteQuery } from '@tanstack/react-query';
import { UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { generatePath, useNavigate } from 'react-router';
import { useStoredSession } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import type { Command } from './use-commands.ts';

const debounceMilliseconds = 250;
const most = 5;

/** A command for each of the first users that the text finds, once the typing pauses; `isSearching` until then. */
export function useFoundUsers(
  text: string,
  onClose: () => void,
): { users: readonly Command[]; isSearching: boolean } {
  const isSignedIn = useStoredSession() !== null;
  const navigate = useNavigate();
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(text), debounceMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useInfiniteQuery({
    ...queries.users(useCall(), { q }),
    enabled: isSignedIn && q !== '' && q === text,
  });
  if (q !== text) return { users: [], isSearching: isSignedIn };
  const users = (found.data?.pages[0]?.items ?? []).slice(0, most).map(({ id, name, uid }) => ({
    id: `user-${id}`,
    label: name,
    note: uid,
    icon: UserRound,
    run: () => {
      onClose();
      navigate(generatePath(paths.user, { id: String(id) }));
    },
  }));
  return { users, isSearching: found.isFetching };
}
