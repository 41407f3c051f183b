import { useEffect, useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';

const key = 'signet-call-strip';

/** Whether the strip with the last call is shown. The key `e` shows and hides it; it is hidden at first. */
export function useStrip(): boolean {
  const { tabStorage } = useAuth();
  const [isShown, setIsShown] = useState(() => tabStorage.getItem(key) !== null);
  useEffect(() => {
    const toggle = ({ key: pressed, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (pressed !== 'e' || ctrlKey || metaKey || altKey) return;
      if (target instanceof Element && target.closest('input, textarea, select')) return;
      setIsShown((was) => {
        if (was) tabStorage.removeItem(key);
        else tabStorage.setItem(key, '1');
        return !was;
      });
    };
    window.addEventListener('keydown', toggle);
    return () => window.removeEventListener('keydown', toggle);
  }, [tabStorage]);
  return isShown;
}
