import { useMemo, useState } from 'react';
import { type Inspected, inspect, withPayload } from '../../token/inspect.ts';
import { recognise } from '../../token/recognise.ts';

/** The token on the page: what was pasted, what was found in it, and what the reader changed. */
export function useInspectedToken(own: string | null) {
  const [text, setText] = useState(own ?? '');
  const [edited, setEdited] = useState<string>();
  const recognised = useMemo(() => (text.trim() === '' ? undefined : recognise(text)), [text]);
  const original = recognised?.kind === 'token' ? recognised.token : undefined;
  const token = edited ?? original;
  const inspected = useMemo(() => (token === undefined ? undefined : inspect(token)), [token]);

  return {
    text,
    recognised,
    token,
    inspected,
    /** The claims whose values differ from the pasted token's. */
    changed: original === undefined || !inspected ? [] : changesBetween(inspect(original), inspected),
    paste(pasted: string): void {
      setText(pasted);
      setEdited(undefined);
    },
    /** Changes one claim, and keeps the signature. */
    setClaim(name: string, value: unknown): void {
      const members = inspected?.payload.members;
      if (token === undefined || !members) return;
      const next = withPayload(token, { ...members, [name]: value });
      setEdited(next === original ? undefined : next);
    },
    putBack: () => setEdited(undefined),
  };
}

function changesBetween(before: Inspected, after: Inspected): string[] {
  const [old, now] = [before.payload.members ?? {}, after.payload.members ?? {}];
  return Object.keys(now).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
}
