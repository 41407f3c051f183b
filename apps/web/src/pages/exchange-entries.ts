import { corsPolicy, type Exchange } from '@signet/contracts';
import type { PageCall } from '../session/call-log.ts';

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
  /** How far the API's clock is ahead of this machine's, in milliseconds. */
  readonly offset: number;
};

type Halves = {
  readonly calls: readonly PageCall[];
  readonly exchanges: readonly Exchange[];
  readonly pageOrigin: string;
};

/** Clocks are read in whole milliseconds on both sides. */
const slackMilliseconds = 3;

/** A clock can be set, and the calls before then say nothing of now. */
const mostBrackets = 20;

/** A preflight and its request are one after the other, unless the API is very slow. */
const longestPauseMilliseconds = 10_000;

/** Joins the calls of this page with the trace, the oldest first. */
export function joinHalves({ calls, exchanges, pageOrigin }: Halves): readonly Entry[] {
  // nginx reports to every replica, so two traces can have the same request.
  const byId = new Map(exchanges.map((exchange) => [exchange.request_id, exchange]));
  const offset = clockOffset(calls, byId);
  const free = new Set(byId.values());
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
      offset,
    };
  });
  const seenByApiAlone = (exchange: Exchange): Entry => ({
    id: exchange.request_id,
    candidates: 1,
    caller: callerOf(exchange, { browser, pageOrigin }),
    at: Date.parse(exchange.at) - offset,
    offset,
  });
  const others = [...free]
    .filter(({ preflight }) => !preflight)
    .map((exchange): Entry => ({ ...seenByApiAlone(exchange), exchange }));
  for (const { exchange } of others) take(exchange);
  const preflights = new Map<Entry, Exchange>();
  const granted = new Set<number>();
  const givePreflight = (entry: Entry) => {
    const preflight = take(preflightOf(entry, { free, offset, pageOrigin }));
    if (!preflight) return;
    preflights.set(entry, preflight);
    if (preflight.grant && entry.call) granted.add(entry.call.resource);
  };
  // Last those that a remembered grant may have spared it, because two calls at the same time can ask the same.
  const spared: Entry[] = [];
  for (const entry of [...joined, ...others]) {
    if (entry.call && granted.has(entry.call.resource)) spared.push(entry);
    else givePreflight(entry);
  }
  for (const entry of spared) givePreflight(entry);
  const withPreflights = [...joined, ...others].map((entry): Entry => {
    const preflight = preflights.get(entry);
    return preflight ? { ...entry, preflight } : entry;
  });
  // A preflight without its request: it was refused, or the request is still to come.
  const lonely = [...free].map((preflight): Entry => ({ ...seenByApiAlone(preflight), preflight }));
  return [...withPreflights, ...lonely].sort((a, b) => a.at - b.at);
}

/**
 * How far the API's clock is ahead, in milliseconds. Each answered call brackets the API's time between its begin and its
 * end. On a busy machine a bracket can be wrong, so the offset that most of the newest brackets allow is taken: 0 if it
 * is one of those, because most APIs run on this machine.
 */
export function clockOffset(calls: readonly PageCall[], byId: ReadonlyMap<string, Exchange>): number {
  const brackets = calls.flatMap(({ sentAt, outcome }) => {
    const exchange = byId.get(outcome?.requestId ?? '');
    if (!exchange || !outcome) return [];
    const at = Date.parse(exchange.at);
    return [{ low: at - sentAt - outcome.milliseconds, high: at - sentAt }];
  });
  const newest = brackets.slice(-mostBrackets);
  const allowing = (offset: number) => newest.filter(({ low, high }) => low <= offset && offset <= high);
  const best = newest
    .map(({ high }) => allowing(high))
    .reduce((most, each) => (each.length > most.length ? each : most), allowing(0));
  if (best.every(({ low, high }) => low <= 0 && 0 <= high)) return 0;
  return (Math.max(...best.map(({ low }) => low)) + Math.min(...best.map(({ high }) => high))) / 2;
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
  const method = methodIn(call.method);
  return [...free].filter((exchange) => {
    const at = Date.parse(exchange.at) - offset;
    return (
      !exchange.preflight &&
      exchange.method === method &&
      exchange.route === call.route &&
      (exchange.fetch_mode === undefined || exchange.fetch_mode === call.mode) &&
      isFromBrowserAt(exchange, pageOrigin) &&
      // nginx reports some names of headers, and none of the query.
      (exchange.answered_by !== undefined ||
        (call.headers.every((name) => exchange.headers.includes(name)) &&
          sameNames(exchange.query, call.query))) &&
      at >= sentAt - slackMilliseconds &&
      at <= sentAt + outcome.milliseconds + slackMilliseconds
    );
  });
}

/** Browsers leave `Origin` out of a simple GET in the mode no-cors, and then `Sec-Fetch-Site` tells them from programs. */
function isFromBrowserAt({ origin, fetch_site }: Exchange, pageOrigin: string): boolean {
  return origin === undefined ? fetch_site !== undefined : origin === pageOrigin;
}

/** The trace has the methods that the API knows by name. */
function methodIn(method: string): Exchange['method'] {
  return corsPolicy.methods.find((known) => known === method) ?? 'OTHER';
}

/** The preflight that asked for this request: the newest before it with the same question (Fetch, section 4.8). */
function preflightOf({ call, exchange, caller }: Entry, { free, offset, pageOrigin }: Search) {
  // After a redirect the browser asks for the address that the redirect names, which only the exchange has.
  const method = exchange?.method ?? methodIn(call?.method ?? '');
  const route = exchange ? exchange.route : call?.route;
  const origin = exchange ? exchange.origin : pageOrigin;
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
        (call && call.outcome?.redirectedTo === undefined
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
  // A program can send any Origin. Few send Sec-Fetch-Site, but a browser that leaves it out is known by its agent.
  const isOther = client !== undefined && browser !== undefined && client !== browser;
  if (fetch_site === undefined && (origin === undefined || isOther)) return 'a program';
  if (origin !== undefined && origin !== pageOrigin) return 'another page';
  return client === browser || browser === undefined || origin === pageOrigin
    ? 'this browser'
    : 'another page';
}
