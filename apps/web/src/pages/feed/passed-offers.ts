import { useEffect } from 'react';
import { passOffers } from '../../ui/toasts.ts';

/** Sends the deletions that wait for an Undo when the reader leaves the page. */
export function usePassedOffers() {
  useEffect(() => () => void passOffers(), []);
}
