import type { ReactNode } from 'react';
import { useOutlet } from 'react-router';
import { useIsOverPage } from './dialog-address.ts';

/**
 * A list whose forms have addresses. A form that is opened from the list is a dialog over it, and one that is opened by its
 * address is a page, because the list and the dialog together would load more script than a page may.
 */
export function ListOrForm({ list }: { list: ReactNode }) {
  const form = useOutlet();
  const isOverPage = useIsOverPage();
  return form && !isOverPage ? form : list;
}
