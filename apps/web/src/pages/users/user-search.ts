import { Role, UserSort } from '@signet/contracts';
import { useAddressParams, useAddressText } from '../address-params.ts';
import type { UserListFilter } from '../queries.ts';

/**
 * What the list shows, which is in the address: `q`, `role`, `sort`. A search is sorted by what matched, so `sort` is left
 * out of it.
 */
export function useUserSearch() {
  const { params, set, reset } = useAddressParams();
  const { text, setText, settled: prefix } = useAddressText('q');
  const role = Role.safeParse(params.get('role')).data;
  const sort = UserSort.safeParse(params.get('sort')).data;
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
      reset();
    },
  };
}
