import { diagnose, type Facts, isSignet, type PageFacts, type Report } from '@signet/doctor';
import { nextTask } from '../../browser/pauses.ts';
import { runAssay } from './assay.ts';
import { askSideDoor } from './outside-facts.ts';

export type Examined = {
  readonly report: Report;
  /** Whether the page's own server looked, too; without it the report has the page's half only. */
  readonly hasProbe: boolean;
  readonly page: PageFacts;
};

/**
 * Judges what the page sees and what its server sees from outside of the browser, by the rules of the command.
 * `throughLab` is for the proxy of the fault lab at `apiUrl`. Throws nothing: a failure is what it looks for.
 */
export async function examine(apiUrl: string, throughLab = false): Promise<Examined> {
  const policy = watchPolicy(apiUrl);
  const [seen, outside] = await Promise.all([lookAround(apiUrl), askSideDoor({ throughLab })]);
  const page = { ...seen, ...(await policy.stop()) };
  const facts = join(apiUrl, page, outside);
  return { report: diagnose(facts), hasProbe: facts.probe !== undefined, page };
}

/**
 * What a page at another origin would meet, as a program outside of the browser sees it. Undefined where this page's server
 * does not look. Throws nothing.
 */
export async function examineOrigin(origin: string): Promise<Report | undefined> {
  const facts = await askSideDoor({ origin });
  return facts && diagnose(facts);
}

/** The facts of both sides, if both looked at one API. The page's server looks at the one that it knows. */
function join(apiUrl: string, page: PageFacts, outside: Facts | undefined): Facts {
  if (outside && new URL(outside.target.api).origin === new URL(apiUrl).origin) return { ...outside, page };
  const { origin } = window.location;
  const target = { api: apiUrl, origin, site: origin === apiUrl ? 'same-origin' : 'same-site' } as const;
  const isElsewhere = outside?.probe !== undefined && isSignet(outside.probe);
  return { target, page: { ...page, ...(isElsewhere && { signetElsewhere: outside.target.api }) } };
}

/** The page's half: what in this browser stops a call. */
async function lookAround(apiUrl: string): Promise<PageFacts> {
  const path = '/healthz';
  // Without CORS the answer cannot be read, and its absence shows that the request was stopped.
  const calls = [
    { mode: 'cors', credentials: 'omit' },
    { mode: 'no-cors', credentials: 'omit' },
    { mode: 'cors', credentials: 'include' },
  ] as const;
  const outcomes = await Promise.all(
    calls.map((call) =>
      fetch(`${apiUrl}${path}`, { ...call, cache: 'no-store' })
        // An answer whose body is not read stays open.
        .then((answer) => answer.body?.cancel())
        .then(
          () => 'answered' as const,
          () => 'rejected' as const,
        ),
    ),
  );
  const isReadable = outcomes[0] === 'answered';
  const worker = navigator.serviceWorker?.controller?.scriptURL;
  return {
    cookiesEnabled: navigator.cookieEnabled,
    keepsOwnCookies: keepsOwnCookies(),
    ...(isReadable && (await runAssay(apiUrl))),
    fetches: calls.map((call, index) => ({ path, ...call, outcome: outcomes[index] ?? 'rejected' })),
    ...(worker !== undefined && { serviceWorker: worker }),
  };
}

/** Which rule of the page's policy stops requests to the API. The event comes in a task after fetch has failed. */
function watchPolicy(apiUrl: string) {
  let blockedDirective: string | undefined;
  const onViolation = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent) => {
    if (blockedURI.startsWith(apiUrl)) blockedDirective = effectiveDirective;
  };
  document.addEventListener('securitypolicyviolation', onViolation);
  return {
    async stop() {
      await nextTask();
      document.removeEventListener('securitypolicyviolation', onViolation);
      return blockedDirective === undefined ? {} : { blockedDirective };
    },
  };
}

/**
 * Whether a cookie of the page itself is kept: one that is gone again before any request is sent. Its path is that of every
 * page, because Chromium shows no cookie of the path to which a script has moved the page.
 */
function keepsOwnCookies(): boolean {
  const name = 'signet-assay-page';
  const attributes = 'Path=/; SameSite=Lax';
  // biome-ignore lint/suspicious/noDocumentCookie: whether a page can set a cookie is what is tried.
  document.cookie = `${name}=1; Max-Age=5; ${attributes}`;
  const isKept = document.cookie.includes(`${name}=`);
  // biome-ignore lint/suspicious/noDocumentCookie: what was set is removed.
  document.cookie = `${name}=; Max-Age=0; ${attributes}`;
  return isKept;
}
