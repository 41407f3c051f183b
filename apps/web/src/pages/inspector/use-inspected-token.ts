import { useEffect, useMemo, useState } from 'react';
import { type Inspected, inspect, withPayload } from '../../token/inspect.ts';
import type { Recognised } from '../../token/recognise.ts';

/** The token on the page: what was pasted, what was found in it, and what the reader changed. */
export function useInspectedToken(own: string | null) {
  const [text, setText] = useState(own ?? '');
  const [edited, setEdited] = useState<string>();
  const recognised = useRecognised(text);
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

/** A whole token, as the API writes it; what else a text may be takes more script to find out. */
const wholeToken = /^eyJ[\w-]*\.eyJ[\w-]*\.[\w-]*$/;

/** What the text is; undefined for an empty one, and for a moment while the script that finds it out is loaded. */
function useRecognised(text: string): Recognised | undefined {
  // Kept until the next is there, so that nothing flickers while the reader types.
  const [found, setFound] = useState<Recognised>();
  const trimmed = text.trim();
  const isWhole = wholeToken.test(trimmed);
  useEffect(() => {
    if (trimmed === '' || isWhole) return;
    let isOver = false;
    void import('../../token/recognise.ts').then(({ recognise }) => {
      if (!isOver) setFound(recognise(text));
    });
    return () => {
      isOver = true;
    };
  }, [text, trimmed, isWhole]);
  return useMemo(() => {
    if (isWhole) return { kind: 'token', token: trimmed, where: undefined };
    return trimmed === '' ? undefined : found;
  }, [trimmed, isWhole, found]);
}

function changesBetween(before: Inspected, after: Inspected): string[] {
  const [old, now] = [before.payload.members ?? {}, after.payload.members ?? {}];
  return Object.keys(now).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
}
