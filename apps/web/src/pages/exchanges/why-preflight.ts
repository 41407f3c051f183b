import { type Exchange, safelistedMethods } from '@signet/contracts';
import type { PageCall } from '../../session/call-log.ts';
import type { Entry } from '../exchange-entries.ts';

/** Why a call was preflighted or was not. `contradicts`: the trace shows something else than the rules say. */
export type PreflightVerdict = {
  readonly kind: 'asked' | 'remembered' | 'not-needed' | 'needed' | 'unknown';
  readonly reasons: readonly string[];
  readonly why?: 'same-origin' | 'simple' | 'mode' | 'never-left' | 'redirect';
  /** A grant that was given before: from when, and until when at most, in milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  readonly contradicts?: string;
};

type Situation = {
  /** All calls, the oldest first. */
  readonly entries: readonly Entry[];
  readonly pageOrigin: string;
  /** How long this browser keeps a grant at most, in seconds. */
  readonly browserCapSeconds: number;
  readonly hasTrace: boolean;
};

/** The longest time that a browser keeps a grant, whatever Max-Age says, in seconds. */
export function browserCapSeconds(userAgent: string): number {
  if (userAgent.includes('Firefox/')) return 86_400;
  return userAgent.includes('Chrome/') ? 7200 : 600;
}

/** What about a call makes the browser ask first, as a reader knows it (Fetch, section 4.1). */
export function preflightReasons(call: PageCall): readonly string[] {
  return [
    ...(safelistedMethods.includes(call.method) ? [] : [`the method ${call.method}`]),
    ...call.unsafeHeaders.map((name) => `the header ${name}`),
    ...(call.hasUploadListener ? ['the listener for the progress of the upload'] : []),
  ];
}

/** What a preflight says of itself. */
function askedReasons({ preflight: asked }: Exchange): readonly string[] {
  return [
    ...(asked && !safelistedMethods.includes(asked.method) ? [`the method ${asked.method}`] : []),
    ...(asked?.headers.map((name) => `the header ${name}`) ?? []),
  ];
}

/** Computes the verdict from Fetch's rules, and compares it with what the API saw. */
export function whyPreflight(entry: Entry, situation: Situation): PreflightVerdict {
  const { call, exchange, preflight } = entry;
  const seen = preflight !== undefined;
  if (!call) {
    if (!preflight) return { kind: exchange?.origin === undefined ? 'not-needed' : 'unknown', reasons: [] };
    return { kind: 'asked', reasons: askedReasons(preflight) };
  }
  // The browser asks again for the address that a redirect names, and leaves Authorization out there.
  if (call.outcome?.redirectedTo !== undefined)
    return preflight
      ? { kind: 'asked', reasons: askedReasons(preflight) }
      : { kind: 'unknown', reasons: [], why: 'redirect' };
  const none = (why: NonNullable<PreflightVerdict['why']>): PreflightVerdict => ({
    kind: seen ? 'asked' : 'not-needed',
    reasons: [],
    why,
    ...(seen && { contradicts: 'By the rules this call needs no preflight, and the API saw one.' }),
  });
  if (call.outcome?.neverLeft) return none('never-left');
  if (call.origin === situation.pageOrigin)
    // Without an answer a redirect may have led elsewhere, and script does not learn of it.
    return call.outcome?.error === 'TypeError'
      ? { kind: 'unknown', reasons: [], why: 'redirect' }
      : none('same-origin');
  if (call.mode !== 'cors') return none('mode');
  const reasons = preflightReasons(call);
  if (reasons.length === 0) return none('simple');
  if (seen) return { kind: 'asked', reasons };
  if (!situation.hasTrace || !exchange) return { kind: 'needed', reasons };
  const grant = rememberedGrant(entry, call, situation);
  const skipsMemory = call.cache === 'no-store' || call.cache === 'reload';
  return {
    kind: 'remembered',
    reasons,
    ...grant,
    ...(skipsMemory && {
      contradicts: 'This call skips the memory for grants, and the API saw no preflight of it.',
    }),
  };
}

/**
 * The newest grant from before that covers this call: for the same address, by a call that was allowed to carry at least
 * the same credentials (Fetch, section 4.9, "cache entry match").
 */
function rememberedGrant(entry: Entry, call: PageCall, { entries, browserCapSeconds: cap }: Situation) {
  for (const { call: earlier, preflight, at } of entries.slice(0, entries.indexOf(entry)).reverse()) {
    const grant = preflight?.grant;
    if (!earlier || !grant || earlier.resource !== call.resource) continue;
    if (call.credentials === 'include' && earlier.credentials !== 'include') continue;
    const until = at + Math.min(grant.max_age ?? 5, cap) * 1000;
    if (until >= call.sentAt) return { since: at, until };
  }
  return undefined;
}
