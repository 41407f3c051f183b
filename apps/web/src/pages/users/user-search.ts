import { Role, UserSort } from '@signet/contracts';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { UserListFilter } from '../queries.ts';

const debounceMilliseconds = 250;

/**
 * What the list shows, which is in the address: `q`, `role`, `sort`. The text being typed becomes `q` once the typing
 * pauses. A search is sorted by what matched, so `sort` is left out of it.
 */
export function useUserSearch() {
  const [params, setParams] = useSearchParams();
  const prefix = (params.get('q') ?? '').slice(0, 255);
  const role = Role.safeParse(params.get('role')).data;
  const sort = UserSort.safeParse(params.get('sort')).data;
  const [text, setText] = useState(prefix);
  const set = (name: string, value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `set` is another function at each rendering
  useEffect(() => {
    if (text === prefix) return;
    const timer = setTimeout(() => set('q', text), debounceMilliseconds);
    return () => clearTimeout(timer);
  }, [text, prefix]);

  const isSearch = prefix.trim() !== '';
  const filter: UserListFilter = {
    ...(isSearch && { q: prefix }),
    ...(role && { role }),
    ...(sort && !isSearch && { sort }),
  };
  return {
    text,
    setText,
    prefix,
    isSearch,
    filter,
    role: role ?? '',
    sort: sort ?? '',
    setRole: (value: string) => set('role', value),
    setSort: (value: string) => set('sort', value),
    reset() {
      setText('');
      setParams({}, { replace: true });
    },
  };
}
