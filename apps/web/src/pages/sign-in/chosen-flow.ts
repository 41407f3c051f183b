import { Carrier } from '@signet/contracts';
import { useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { createKeptStorage } from '../../browser/storage.ts';

const key = 'signet-flow';
const storage = createKeptStorage(() => window.localStorage);

/**
 * The chosen flow. It is in the address, so that the sign-in and the sign-up page share it, and in the browser, so that
 * the next visit begins with it.
 */
export function useChosenFlow(): [Carrier, (carrier: Carrier) => void] {
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = useState<Carrier>(
    () =>
      Carrier.safeParse(search.get('flow')).data ?? Carrier.safeParse(storage.getItem(key)).data ?? 'bearer',
  );
  const { state } = useLocation();
  const choose = (carrier: Carrier) => {
    setChosen(carrier);
    storage.setItem(key, carrier);
    setSearch({ flow: carrier }, { replace: true, preventScrollReset: true, state });
  };
  return [chosen, choose];
}
