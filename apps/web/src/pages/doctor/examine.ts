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
  const [page, probe] = await Promise.all([lookAround(apiUrl), askSideDoor(throughLab)]);
  const { origin } = window.location;
  const target: Target = { api: apiUrl, origin, site: origin === apiUrl ? 'same-origin' : 'same-site' };
  return { report: merge(diagnose({ target, page }), probe), hasProbe: probe !== undefined };
}

/** The page's half: what in this browser stops a call. */
async function lookAround(apiUrl: string): Promise<PageFacts> {
  let blockedDirective: string | undefined;
  const onViolation = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent) => {
    if (blockedURI.startsWith(apiUrl)) blockedDirective = effectiveDirective;
  };
  document.addEventListener('securitypolicyviolation', onViolation);
  const path = '/healthz';
  const outcome = await fetch(`${apiUrl}${path}`, { credentials: 'omit', cache: 'no-store' })
    // An answer that nobody reads stays open.
    .then((answer) => answer.body?.cancel())
    .then(
      () => 'answered' as const,
      () => 'rejected' as const,
    );
  document.removeEventListener('securitypolicyviolation', onViolation);
  const worker = navigator.serviceWorker?.controller?.scriptURL;
  return {
    cookiesEnabled: navigator.cookieEnabled,
    fetches: [{ path, mode: 'cors', credentials: 'omit', outcome }],
    ...(blockedDirective !== undefined && { blockedDirective }),
    ...(worker !== undefined && { serviceWorker: worker }),
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
