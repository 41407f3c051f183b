import type { RefusalRule } from '@signet/contracts';
import type { Rung } from '../../token/inspect.ts';
import type { Verdict } from '../../token/verify.ts';
import type { ApiVerdict } from './ask-api.ts';
import type { JudgedRung } from './verdict-ladder.tsx';

type Known = {
  /** The claims that the reader has changed. */
  readonly changed: readonly string[];
  readonly local: Verdict | undefined;
  readonly api: ApiVerdict | undefined;
};

/** On which rung each rule of the API stands. */
export const rungOf: { readonly [Rule in RefusalRule]?: string } = {
  'token-size': 'Shape',
  'token-shape': 'Shape',
  'bearer-syntax': 'Shape',
  base64url: 'Shape',
  'header-json': 'Shape',
  'payload-json': 'Shape',
  'header-member': 'Header',
  typ: 'Header',
  alg: 'Header',
  kid: 'Header',
  signature: 'Signature',
  claims: 'Claims',
  iss: 'Claims',
  aud: 'Claims',
  sub: 'Session',
  lifetime: 'Times',
  'not-before': 'Times',
  exp: 'Times',
  session: 'Session',
  carrier: 'Session',
};

/** The rungs with what a key and the API have added to what the page can see by itself. */
export function withVerdicts(rungs: readonly Rung[], { changed, local, api }: Known): readonly JudgedRung[] {
  const session: Rung = {
    name: 'Session',
    state: 'unknown',
    says: 'Whether the session is live, only the API knows.',
  };
  const judged = [...rungs, session].map((rung): JudgedRung => {
    const isSignature = rung.name === 'Signature';
    if (isSignature && local)
      return { ...rung, state: local.holds ? 'holds' : 'fails', says: local.says, judge: 'this page' };
    if (isSignature && changed.length > 0)
      return {
        ...rung,
        state: 'fails',
        says: `You changed ${changed.join(', ')}. The signature was made for the content before.`,
        judge: 'this page',
      };
    return { ...rung, judge: 'this page' };
  });
  return api ? withAnswer(judged, api) : judged;
}

/** What the API accepted holds; what it refused fails on the rung of its rule, and it looked no further. */
function withAnswer(rungs: readonly JudgedRung[], { isAccepted, rule }: ApiVerdict): readonly JudgedRung[] {
  if (isAccepted) return rungs.map((rung) => ({ ...rung, state: 'holds', judge: 'the API' }) as const);
  if (!rule) return rungs;
  const stop = rungs.findIndex(({ name }) => name === rungOf[rule.name]);
  if (stop < 0) return rungs;
  return rungs.map((rung, index): JudgedRung => {
    if (index > stop) return rung;
    return index < stop
      ? { ...rung, state: 'holds', judge: 'the API' }
      : { ...rung, state: 'fails', says: `Refused, because ${rule.because}`, judge: 'the API' };
  });
}
