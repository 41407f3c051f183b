import { diagnose, type PageFacts, type Target } from '@signet/doctor';
import { merge, type PageReport, ReportAnswer } from './report.ts';

export type Examined = {
  readonly report: PageReport;
  /** Whether the page's own server ran the command; without it the report has the page's half only. */
  readonly hasProbe: boolean;
};

/**
 * What the page sees, and what the command sees for it. `throughLab` is for the proxy of the fault lab at `apiUrl`. Throws
 * nothing: a failure is what it looks for.
 */
export async function examine(apiUrl: string, throughLab = false): Promise<Examined> {
  const policy = watchPolicy(apiUrl);
  const [seen, probe] = await Promise.all([lookAround(apiUrl), askSideDoor(throughLab)]);
  const page = { ...seen, ...(await policy.stop()) };
  const { origin } = window.location;
  const target: Target = { api: apiUrl, origin, site: origin === apiUrl ? 'same-origin' : 'same-site' };
  const facts = { target, page: { ...page, isRightOutside: probe !== undefined && isRight(probe) } };
  return { report: merge(diagnose(facts), probe), hasProbe: probe !== undefined };
}

function isRight({ findings, checked }: PageReport): boolean {
  return (
    findings.length === 0 && checked.some(({ check, result }) => check === 'origin' && result === 'right')
  );
}

/** The page's half: what in this browser stops a call. */
async function lookAround(apiUrl: string): Promise<PageFacts> {
  const path = '/healthz';
  // Without CORS the answer cannot be read, and its absence shows that the request was stopped.
  const modes = ['cors', 'no-cors'] as const;
  const outcomes = await Promise.all(
    modes.map((mode) =>
      fetch(`${apiUrl}${path}`, { mode, credentials: 'omit', cache: 'no-store' })
        // An answer whose body is not read stays open.
        .then((answer) => answer.body?.cancel())
        .then(
          () => 'answered' as const,
          () => 'rejected' as const,
        ),
    ),
  );
  const worker = navigator.serviceWorker?.controller?.scriptURL;
  return {
    cookiesEnabled: navigator.cookieEnabled,
    fetches: modes.map((mode, index) => ({
      path,
      mode,
      credentials: 'omit',
      outcome: outcomes[index] ?? 'rejected',
    })),
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
      await new Promise((resolve) => setTimeout(resolve));
      document.removeEventListener('securitypolicyviolation', onViolation);
      return blockedDirective === undefined ? {} : { blockedDirective };
    },
  };
}

/**
 * Undefined where the page's server has no side door, as in a deployment: it answers with the app's page, because the
 * path has no extension. A 404 would be an error in the console.
 */
async function askSideDoor(throughLab: boolean): Promise<PageReport | undefined> {
  try {
    const answer = await fetch(throughLab ? '/doctor/report?through=lab' : '/doctor/report', {
      cache: 'no-store',
    });
    const parsed = ReportAnswer.safeParse(answer.ok ? await answer.json() : undefined);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
