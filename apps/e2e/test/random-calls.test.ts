import { Exchange } from '@signet/contracts';
import type { PageCall } from '@signet/web/call-log';
import { type Entry, joinHalves } from '@signet/web/exchange-entries';
import { browserCapSeconds, whyPreflight } from '@signet/web/why-preflight';
import { type Browser, chromium, type Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { generateCalls, type RandomCall } from './random-calls/generate.ts';
import { startServers } from './random-calls/start-servers.ts';
import { type NetworkRequest, watchNetwork } from './random-calls/watch-network.ts';
import { browserOptions } from './start-stack.ts';

/** The page's log keeps as many. */
const count = 200;
const seed = 20_261_126;

/** Browsers have six connections for each host, and preflights need some of them. */
const mostAtOnce = 5;

let browser: Browser;
let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  [servers, browser] = await Promise.all([startServers(), chromium.launch(browserOptions())]);
  return async () => {
    await browser.close();
    await servers.stop();
  };
});

/** The log of the page and the trace of the API, joined, and what Chromium reported of each call. */
async function run() {
  const { targets } = servers;
  const page = await browser.newPage();
  await page.goto(targets.page);
  await page.waitForFunction(() => 'sendCalls' in window);
  await signIn(page, targets.api);
  const network = await watchNetwork(await page.context().newCDPSession(page));
  const reports: NetworkRequest[][] = [];
  for (const batch of batchesOf(generateCalls(count, seed, targets))) {
    const before = network.count();
    await Promise.all([
      page.evaluate((calls) => window.sendCalls(calls), batch),
      // A program that calls at the same time must not be taken for the page.
      fetch(`${targets.api}/protected`),
      fetch(`${targets.api}/api/users/1`, { method: 'HEAD' }),
    ]);
    reports.push(...batch.map(({ url }) => network.startedAt(url, before)));
  }
  const calls = await page.evaluate(() => window.readCalls());
  const exchanges = await readTrace(targets.api);
  const entries = joinHalves({ calls, exchanges, pageOrigin: targets.page });
  const cap = browserCapSeconds(await page.evaluate(() => navigator.userAgent));
  await page.close();
  return { calls, entries, exchanges, network, reports, cap };
}

/** In the cookie flow, so that the browser has cookies to send. */
async function signIn(page: Page, apiUrl: string): Promise<void> {
  const status = await page.evaluate(async (url) => {
    const { status } = await fetch(`${url}/api/users/authenticate`, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: '{"uid":"niko","password":"123niko"}',
    });
    return status;
  }, apiUrl);
  expect(status).toBe(200);
}

/** In one batch each address is called once, so that Chromium's reports can be told apart by it. */
function batchesOf(calls: readonly RandomCall[]): RandomCall[][] {
  const batches: RandomCall[][] = [];
  for (const call of calls) {
    const last = batches.at(-1);
    if (last && last.length < mostAtOnce && !last.some(({ url }) => url === call.url)) last.push(call);
    else batches.push([call]);
  }
  return batches;
}

async function readTrace(apiUrl: string): Promise<Exchange[]> {
  const text = await (await fetch(`${apiUrl}/api/exchanges?after=start`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => Exchange.parse(JSON.parse(line.slice('data: '.length))));
}

/** What can be told of a preflight: two that are equal in this may be taken for each other. */
function questionOf(exchanges: readonly Exchange[], id: string | undefined) {
  const exchange = exchanges.find(({ request_id }) => request_id === id);
  return exchange && { route: exchange.route, asked: exchange.preflight, granted: exchange.grant };
}

test(`each of ${count} random calls is joined with its own exchange and preflight, and says rightly why it was preflighted or not`, async () => {
  const { calls, entries, exchanges, network, reports, cap } = await run();
  expect(calls).toHaveLength(count);
  const kinds = new Set<string>();
  const preflightsTaken: string[] = [];
  for (const [index, call] of calls.entries()) {
    const entry = entries.find((each) => each.call?.id === call.id);
    if (!entry) throw new Error(`${call.id} is in no entry`);
    const where = `${call.id}, ${call.method} ${call.origin}${call.route}`;
    const report = reports[index] ?? [];
    const verdict = whyPreflight(entry, {
      entries,
      pageOrigin: servers.targets.page,
      browserCapSeconds: cap,
      hasTrace: true,
    });
    kinds.add(verdict.kind);
    if (entry.preflight) preflightsTaken.push(entry.preflight.request_id);
    const truth = readReport(report, network);
    // Where a redirect ends without an answer, script cannot know that there was one.
    const isHidden = truth.isRedirected && call.outcome?.error !== undefined;
    expect(entry.exchange?.request_id, where).toBe(isHidden ? undefined : truth.requestId);
    const seen = isHidden ? undefined : truth.preflightId;
    expect(questionOf(exchanges, entry.preflight?.request_id), where).toEqual(questionOf(exchanges, seen));
    expect(verdict.contradicts, where).toBeUndefined();
    expect(possibleKinds(truth, isHidden), where).toContain(verdict.kind);
    if (verdict.kind === 'asked' && truth.asked)
      expect(namesIn(verdict.reasons), where).toEqual(
        expect.arrayContaining(truth.asked.filter((name) => !['GET', 'HEAD', 'POST'].includes(name))),
      );
    if (verdict.kind === 'remembered' && verdict.since !== undefined)
      expectGrant(verdict, { call, entries, reports, calls, where });
  }
  expect(new Set(preflightsTaken).size, 'no preflight is that of two calls').toBe(preflightsTaken.length);
  expect([...kinds].sort()).toEqual(['asked', 'needed', 'not-needed', 'remembered', 'unknown']);
});

type Truth = ReturnType<typeof readReport>;

/** What happened, by Chromium's report and the ids of the answers. */
function readReport(report: readonly NetworkRequest[], network: Awaited<ReturnType<typeof watchNetwork>>) {
  const idsOf = (request: NetworkRequest) =>
    network.headersAnswered(request).flatMap((headers) => headers['x-request-id'] ?? []);
  const preflights = report.filter(({ isPreflight }) => isPreflight);
  const requests = report.filter(({ isPreflight }) => !isPreflight);
  const ofApi = preflights.find((preflight) => idsOf(preflight).length > 0);
  const headers = ofApi && network.headersSent(ofApi)[0];
  return {
    requestId: requests.flatMap(idsOf)[0],
    preflightId: ofApi && idsOf(ofApi)[0],
    wasPreflighted: preflights.length > 0,
    isRedirected: requests.some(({ isRedirect }) => isRedirect),
    /** The method and the headers that the preflight asked for. */
    asked: headers && [
      headers['access-control-request-method'] ?? '',
      ...(headers['access-control-request-headers']?.split(',') ?? []),
    ],
  };
}

function possibleKinds(
  { preflightId, wasPreflighted, requestId, isRedirected }: Truth,
  isHidden: boolean,
): string[] {
  if (preflightId !== undefined && !isHidden) return ['asked'];
  if (wasPreflighted) return ['needed', 'unknown'];
  if (isRedirected) return ['needed', 'unknown', 'not-needed'];
  return requestId === undefined ? ['needed', 'unknown', 'not-needed'] : ['not-needed', 'remembered'];
}

/** `the method PUT` and `the header range` name PUT and range. */
function namesIn(reasons: readonly string[]): string[] {
  return reasons.map((reason) => reason.split(' ').at(-1) ?? '');
}

type Situation = {
  readonly call: PageCall;
  readonly entries: readonly Entry[];
  readonly calls: readonly PageCall[];
  readonly reports: readonly NetworkRequest[][];
  readonly where: string;
};

/** The grant is that of an earlier preflight of the same address, as Chromium sent it, for the time of its Max-Age. */
function expectGrant(
  { since = 0, until = 0 }: { since?: number; until?: number },
  { call, calls, reports, where }: Situation,
): void {
  const own = reports[calls.indexOf(call)]?.[0]?.url;
  const earlier = reports
    .slice(0, calls.indexOf(call))
    .flat()
    .filter(({ isPreflight, url }) => isPreflight && url === own);
  expect(
    earlier.some(({ sentAt }) => Math.abs(sentAt - since) < 1000),
    where,
  ).toBe(true);
  expect(until - since, where).toBe(7_200_000);
}
