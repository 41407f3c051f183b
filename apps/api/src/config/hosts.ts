import { type CookieProfile, hostOfUrl, isLoopback, problemOfHost } from '@signet/contracts';
import type { Report, VariableReader } from './read-variables.ts';

type HostSources = {
  readonly read: VariableReader;
  readonly origins: readonly string[];
  readonly issuer: string;
  readonly profile: CookieProfile;
  readonly report: Report;
};

/**
 * Where the page finds the API; `{hostname}` stands for the page's own host. The same form as
 * in nginx/start.sh.
 */
const apiUrlForm = /^(\/|https?:\/\/([A-Za-z0-9_.-]+|\[[0-9a-f:.]+\]|\{hostname\})(:[1-9]\d{0,4})?)$/;

/** The host names under which the API answers, beside IP addresses and `localhost`. */
export function readHosts({ read, origins, issuer, profile, report }: HostSources): readonly string[] {
  const listed = read.list('ALLOWED_HOSTS', []);
  for (const name of listed) {
    const problem = problemOfHost(name);
    if (problem) report(`ALLOWED_HOSTS has "${name}": ${problem}`);
  }
  const apiUrl = read.text('API_URL', '');
  if (apiUrl && !apiUrlForm.test(apiUrl))
    report(
      `API_URL=${apiUrl} must be an origin ({hostname} stands for the page's host), or / for the page's own.`,
    );
  const hostsOfOrigins = origins.map(hostOfUrl).filter((host) => host !== undefined);
  const isOnHostOfPage = apiUrl === '/' || apiUrl.includes('{hostname}');
  const ownHosts = [
    ...listed.filter((name) => problemOfHost(name) === undefined),
    ...[issuer, apiUrl].map(hostOfUrl).filter((host) => host !== undefined),
    ...(isOnHostOfPage ? hostsOfOrigins : []),
  ];
  refuseWithoutPublicHost({ origins, ownHosts, profile, report });
  return [...new Set([...ownHosts, ...hostsOfOrigins])];
}

/** Under these profiles the API has a host of its own, and without its name every call would be refused. */
function refuseWithoutPublicHost({
  origins,
  ownHosts,
  profile,
  report,
}: {
  origins: readonly string[];
  ownHosts: readonly string[];
  profile: CookieProfile;
  report: Report;
}): void {
  if (profile !== 'same-site' && profile !== 'cross-site') return;
  const publicOrigin = origins.find((origin) => /^https?:/.test(origin) && !isLoopback(origin));
  if (publicOrigin === undefined || ownHosts.some((host) => !isLoopback(host))) return;
  report(
    `ALLOWED_HOSTS has no public host of the API, and pages of ${publicOrigin} would be answered host_unknown. Set ` +
      `API_URL (or JWT_ISSUER) to the URL of the API under COOKIE_PROFILE=${profile}, such as ` +
      'https://api.example.org, or name its host in ALLOWED_HOSTS.',
  );
}
