import type { Exchange } from '@signet/contracts';
import type { PageCall } from '../../session/call-log.ts';

/** Who sent a request, as far as the facts tell. */
export type Caller = 'this tab' | 'this browser' | 'another page' | 'a program';

/** One call with the half that the page saw and the half that the API saw. At least one of them is there. */
export type Entry = {
  /** The request id where it is known: it is the id in the address. */
  readonly id: string;
  readonly call?: PageCall;
  readonly exchange?: Exchange;
  readonly preflight?: Exchange;
  /** By the id of the answer, or by method, path, origin and time. */
  readonly matchedBy?: 'id' | 'time';
  /** How many exchanges could be this call, where the time decided. */
  readonly candidates: number;
  readonly caller: Caller;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly at: number;
};

type Halves = {
  readonly calls: readonly PageCall[];
  readonly exchanges: readonly Exchange[];
  readonly pageOrigin: string;
};

/** Clocks are read in whole milliseconds on both sides. */
const slackMilliseconds = 3;

/** A preflight and its request are one after the other, unless the API is very slow. */
const longestPauseMilliseconds = 10_000;

/** Joins the calls of this page with the trace, the oldest first. */
export function joinHalves({ calls, exchanges, pageOrigin }: Halves): readonly Entry[] {
  const byId = new Map(exchanges.map((exchange) => [exchange.request_id, exchange]));
  const offset = clockOffset(calls, byId);
  const free = new Set(exchanges);
  const take = <Found extends Exchange | undefined>(found: Found): Found => {
    if (found) free.delete(found);
    return found;
  };

  const exact = new Map<PageCall, Exchange>();
  for (const call of calls) {
    const found = byId.get(call.outcome?.requestId ?? '');
    if (found) exact.set(call, take(found));
  }
  const browser = [...exact.values()].at(-1)?.client;
  const joined = calls.map((call): Entry => {
    const found = exact.get(call);
    const candidates = found ? [found] : candidatesFor(call, { free, offset, pageOrigin });
    const exchange = found ?? take(candidates[0]);
    return {
      id: call.outcome?.requestId ?? call.id,
      call,
      ...(exchange && { exchange, matchedBy: found ? ('id' as const) : ('time' as const) }),
      candidates: candidates.length,
      caller: 'this tab',
      at: call.sentAt,
    };
  });
  const others = [...free]
    .filter(({ preflight }) => !preflight)
    .map(
      (exchange): Entry => ({
        id: exchange.request_id,
        exchange,
        candidates: 1,
        caller: callerOf(exchange, { browser, pageOrigin }),
        at: Date.parse(exchange.at) - offset,
      }),
    );
  for (const { exchange } of others) take(exchange);
  const withPreflights = [...joined, ...others].map((entry): Entry => {
    const preflight = take(preflightOf(entry, { free, offset, pageOrigin }));
    return preflight ? { ...entry, preflight } : entry;
  });
  // A preflight without its request: it was refused, or the request is still to come.
  const lonely = [...free].map(
    (preflight): Entry => ({
      id: preflight.request_id,
      preflight,
      candidates: 1,
      caller: callerOf(preflight, { browser, pageOrigin }),
      at: Date.parse(preflight.at) - offset,
    }),
  );
  return [...withPreflights, ...lonely].sort((a, b) => a.at - b.at);
}

/**
 * How far the API's clock is ahead, in milliseconds. Each answered call brackets the API's time between its begin and its
 * end, and the brackets together are tighter than each.
 */
export function clockOffset(calls: readonly PageCall[], byId: ReadonlyMap<string, Exchange>): number {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { sentAt, outcome } of calls) {
    const exchange = byId.get(outcome?.requestId ?? '');
    if (!exchange || !outcome) continue;
    const at = Date.parse(exchange.at);
    const [low, high] = [at - (sentAt + outcome.milliseconds), at - sentAt];
    // A clock that was set meanwhile makes the earlier brackets wrong.
    if (low > most || high < least) [least, most] = [low, high];
    else [least, most] = [Math.max(least, low), Math.min(most, high)];
  }
  if (!Number.isFinite(least)) return 0;
  return least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}

type Search = {
  readonly free: ReadonlySet<Exchange>;
  readonly offset: number;
  readonly pageOrigin: string;
};

function candidatesFor(call: PageCall, { free, offset, pageOrigin }: Search): Exchange[] {
  // A readable answer that the trace does not have must not be taken for another one.
  if (!call.outcome || call.outcome.requestId !== undefined) return [];
  const { sentAt, outcome } = call;
  return [...free].filter((exchange) => {
    const at = Date.parse(exchange.at) - offset;
    return (
      !exchange.preflight &&
      exchange.method === call.method &&
      exchange.route === call.route &&
      (exchange.origin ?? pageOrigin) === pageOrigin &&
      at >= sentAt - slackMilliseconds &&
      at <= sentAt + outcome.milliseconds + slackMilliseconds
    );
  });
}

/** The preflight that asked for this request: the newest before it with the same question (Fetch, section 4.8). */
function preflightOf({ call, exchange, caller }: Entry, { free, offset, pageOrigin }: Search) {
  const method = call?.method ?? exchange?.method;
  const route = call ? call.route : exchange?.route;
  const origin = call ? pageOrigin : exchange?.origin;
  if (caller === 'a program' || origin === undefined) return undefined;
  const end = exchange
    ? Date.parse(exchange.at)
    : (call?.sentAt ?? 0) + (call?.outcome?.milliseconds ?? longestPauseMilliseconds) + offset;
  const begin = call ? call.sentAt + offset - slackMilliseconds : end - longestPauseMilliseconds;
  return [...free]
    .filter((each) => {
      const asked = each.preflight;
      const at = Date.parse(each.at);
      return (
        asked?.method === method &&
        each.route === route &&
        each.origin === origin &&
        (each.client === undefined || exchange?.client === undefined || each.client === exchange.client) &&
        at >= begin &&
        at <= end + slackMilliseconds &&
        (call
          ? sameNames(asked?.headers ?? [], call.unsafeHeaders)
          : asked?.headers.every((name) => exchange?.headers.includes(name)))
      );
    })
    .at(-1);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name.toLowerCase()));
}

function callerOf(
  { client, origin, fetch_site }: Exchange,
  { browser, pageOrigin }: { browser: string | undefined; pageOrigin: string },
): Caller {
  if (origin === undefined && fetch_site === undefined) return 'a program';
  if (origin !== undefined && origin !== pageOrigin) return 'another page';
  return client === browser || browser === undefined || origin === pageOrigin
    ? 'this browser'
    : 'another page';
}
