import { isLoopback } from '@signet/contracts';
import type { Target } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** C6, C7 or C8: which difference makes them two sites. */
export function siteCauseOf({
  api,
  origin,
}: Target): 'cross-site' | 'loopback-names-cookie' | 'scheme-differs' {
  const [page, server] = [new URL(origin), new URL(api)];
  if (page.hostname === server.hostname) return 'scheme-differs';
  return isLoopback(origin) && isLoopback(api) ? 'loopback-names-cookie' : 'cross-site';
}

/** The address under which page and API are one site, where both are this machine. */
export function fixOfSite(target: Target): Partial<Observation> {
  if (siteCauseOf(target) !== 'loopback-names-cookie') return {};
  const page = new URL(target.origin);
  page.hostname = new URL(target.api).hostname;
  return {
    fix: [
      { for: 'browser', do: 'Open the page under the host name of the API.', line: page.origin },
      {
        for: 'signet',
        do: 'Or call the API under the host name of the page, in config.json.',
        line: '{"api_url":"http://{hostname}:8086"}',
      },
    ],
  };
}
