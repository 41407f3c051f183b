import { CookieAssay, endpoints } from '@signet/contracts';
import type { PageFacts } from '@signet/doctor';
import { createProbe } from '../probe.ts';

/**
 * Has the API set its cookies of the assay, and asks which of them come: without credentials, where none may, and with
 * them. No member is there where the API has no assay, or the page cannot read its answers.
 */
export async function runAssay(apiUrl: string): Promise<Pick<PageFacts, 'assay' | 'cameWithoutCredentials'>> {
  const call = createProbe(apiUrl, (request) => fetch(request));
  try {
    const started = await call(endpoints.startCookieAssay, { credentials: 'include' });
    if (started.status !== endpoints.startCookieAssay.status) return {};
    const without = CookieAssay.safeParse(
      (await call(endpoints.readCookieAssay, { credentials: 'omit' })).body,
    );
    const { data } = CookieAssay.safeParse(
      (await call(endpoints.readCookieAssay, { credentials: 'include' })).body,
    );
    if (!data) return {};
    return { assay: data, ...(without.success && { cameWithoutCredentials: without.data.came.length }) };
  } catch {
    return {};
  }
}
