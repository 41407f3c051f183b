import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

const debounceMilliseconds = 250;

/**
 * The text being typed, and the prefix being searched for, which follows once
 * the typing pauses. It is in the address.
 */
export function useUserSearch() {
  const [params, setParams] = useSearchParams();
  const prefix = params.get('q') ?? '';
  const [text, setText] = useState(prefix);

  useEffect(() => {
    if (text === prefix) return;
    const timer = setTimeout(
      () => setParams(text ? { q: text } : {}, { replace: true }),
      debounceMilliseconds,
    );
    return () => clearTimeout(timer);
  }, [text, prefix, setParams]);

  return { text, setText, prefix: prefix.slice(0, 255) };
}
