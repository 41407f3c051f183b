import { useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { useKey } from '../../ui/use-key.ts';

const key = 'signet-call-strip';

/** Whether the strip with the last call is shown. The key `e` shows and hides it; it is hidden at first. */
export function useStrip(): boolean {
  const { tabStorage } = useAuth();
  const [isShown, setIsShown] = useState(() => tabStorage.getItem(key) !== null);
  useKey('e', () => {
    if (isShown) tabStorage.removeItem(key);
    else tabStorage.setItem(key, '1');
    setIsShown(!isShown);
  });
  return isShown;
}
