import { isLoopback } from '@signet/contracts';
import type { Report, VariableReader } from './read-variables.ts';

export type Exposure = {
  /**
   * Only this machine reaches the API, and only its own pages may call it. What is safe nowhere else depends
   * on this one answer: demo data, cookies without `Secure`, open metrics.
   */
  readonly isOwnMachine: boolean;
  /** Every caller comes through a proxy that forwards a chosen set of paths, as in compose. */
  readonly isBehindProxyOnly: boolean;
  /** Why this is not one's own machine, for the texts of other problems. */
  readonly reasons: readonly string[];
};

type ExposureSources = {
  readonly read: VariableReader;
  readonly host: string;
  readonly trustProxy: number;
  readonly origins: readonly string[];
};

/**
 * Who can reach the API. The origins bind browsers only, so the address counts as well.
 *
 * In a container `HOST` has to be 0.0.0.0, and where the port is published decides. The API cannot see that,
 * so `PUBLISH_ADDRESS` says it; without it, a `HOST` that is not loopback counts as public.
 */
export function readExposure({ read, host, trustProxy, origins }: ExposureSources): Exposure {
  const published = read.text('PUBLISH_ADDRESS', '') && read.host('PUBLISH_ADDRESS', '');
  const foreign = origins.filter((origin) => !isLoopback(origin));
  const reasons = [
    ...(foreign.length > 0 ? [`WEB_ORIGINS has ${foreign.join(', ')}`] : []),
    ...(isLoopback(published || host) ? [] : [reasonOfAddress(host, published)]),
  ];
  return {
    isOwnMachine: reasons.length === 0,
    isBehindProxyOnly: published !== '' && trustProxy > 0,
    reasons,
  };
}

/** Reports what is safe on one's own machine only and was asked for elsewhere. */
export function refuseOutsideOwnMachine(
  { reasons }: Exposure,
  asked: { readonly demoData: boolean; readonly localCookies: boolean },
  report: Report,
): void {
  if (reasons.length === 0) return;
  const because = reasons.join(', and ');
  const stayLocal =
    'keep WEB_ORIGINS to loopback origins and HOST to 127.0.0.1 (in a container, set PUBLISH_ADDRESS to the address ' +
    'on which its port is published)';
  if (asked.localCookies)
    report(
      `COOKIE_PROFILE=local is for loopback only, and ${because}. Set COOKIE_PROFILE to same-origin, same-site or ` +
        `cross-site, whichever the deployment is, or ${stayLocal}.`,
    );
  if (asked.demoData)
    report(
      `DEMO_DATA=true would put users with published passwords where others reach them: ${because}. Remove it, or ` +
        `${stayLocal}.`,
    );
}

function reasonOfAddress(host: string, published: string): string {
  if (published) return `PUBLISH_ADDRESS=${published} is reached by others`;
  return `HOST=${host} is reached by others, as far as the API can tell`;
}
