import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

const debounceMilliseconds = 250;

/** What a list shows, which is in the address. A change makes no entry in the browser's history. */
export function useAddressParams() {
  const [params, setParams] = useSearchParams();
  return {
    params,
    /** An empty value removes the member. */
    set(name: string, value: string) {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (value) after.set(name, value);
          else after.delete(name);
          return after;
        },
        { replace: true },
      );
    },
    reset: () => setParams({}, { replace: true }),
  };
}

/**
 * A text that is being typed, and is in the address as `name` once the typing pauses. A field that showed the address
 * itself would lose keys, because the address changes a moment later.
 */
export function useAddressText(name: string) {
  const { params, set } = useAddressParams();
  const settled = (params.get(name) ?? '').slice(0, 255);
  const [text, setText] = useState(settled);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `set` is another function at each rendering
  useEffect(() => {
    if (text === settled) return;
    const timer = setTimeout(() => set(name, text), debounceMilliseconds);
    return () => clearTimeout(timer);
  }, [name, text, settled]);

  return { text, setText, settled };
}
