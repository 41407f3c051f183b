import type { Scope } from '../finding.ts';

/** What a preflight that fails takes with it: all calls but simple reads. */
export const behindPreflights: readonly Scope[] = [
  'preflights',
  'sign-in',
  'cookies',
  'token',
  'method',
  'header',
];
