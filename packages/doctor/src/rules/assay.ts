import { type AssayCookie, type CookieAssay, isLoopback } from '@signet/contracts';
import type { Facts, Target } from '../facts.ts';
import type { Observation } from '../finding.ts';
import { fixOfSite, siteCauseOf } from './site.ts';

/**
 * What this browser did with cookies that differ in one attribute each. `isExplained` says that the probe has found why
 * cookies are lost on the way, where the browser is not to blame.
 */
export function observeAssay({ page, target, probe }: Facts, isExplained: boolean): Observation[] {
  const off = (saw: string): Observation[] => [
    { id: 'cookies-off', certainty: 'proved', evidence: [{ witness: 'page', saw }] },
  ];
  if (page?.cookiesEnabled === false) return off('navigator.cookieEnabled is false.');
  if (page?.keepsOwnCookies === false) return off('A cookie that the page set itself is not kept.');
  const assay = page?.assay;
  if (!assay) return [];
  if (assay.came.includes('own')) return [...ofNames(assay, target), ...ofClock(assay)];
  const cause = ofSite(assay, target) ?? ofSecure(assay, target);
  if (cause) return [cause];
  if (assay.came.length > 0 || isExplained) return [];
  const arrives = probe?.signOut !== undefined;
  return [
    {
      // The probe saw Set-Cookie arrive, so what is lost is the way back.
      id: arrives ? 'cookie-stripped' : 'set-cookie-lost',
      certainty: 'likely',
      evidence: saw('None of the cookies that the API set came back; one that the page set itself is kept.'),
    },
  ];
}

const saw = (text: string) => [{ witness: 'page', saw: text }] as const;

/** C6 to C9: page and API are two sites. */
function ofSite({ came, site, own }: CookieAssay, target: Target): Observation | undefined {
  if (site !== 'cross-site') return undefined;
  if (own.same_site !== 'none')
    return {
      id: siteCauseOf(target),
      certainty: 'proved',
      evidence: [
        ...saw('The browser calls page and API two sites (Sec-Fetch-Site: cross-site).'),
        ...saw(
          came.includes('none-secure')
            ? 'Of the cookies that were tried, only those for other sites came back.'
            : 'No cookie for one site alone came back.',
        ),
      ],
      ...fixOfSite(target),
    };
  if (came.includes('none-secure')) return undefined;
  return {
    id: 'third-party-blocked',
    certainty: came.includes('partitioned') ? 'proved' : 'likely',
    evidence: [
      ...saw('A cookie with SameSite=None and Secure did not come back.'),
      ...(came.includes('partitioned') ? saw('The same one with Partitioned did.') : []),
    ],
  };
}

const secureKinds: readonly AssayCookie[] = ['lax-secure', 'none-secure', 'host-prefix', 'partitioned'];

/** C3, C4: this browser keeps no Secure cookie of this address, and the API sets none without. */
function ofSecure({ came, own }: CookieAssay, target: Target): Observation | undefined {
  const { protocol, origin } = new URL(target.api);
  const keepsSecure = secureKinds.some((each) => came.includes(each));
  if (!own.secure || keepsSecure || came.length === 0 || protocol !== 'http:') return undefined;
  return {
    id: isLoopback(target.api) ? 'secure-on-http-loopback' : 'secure-over-http',
    certainty: 'proved',
    says: `${own.token_name} is Secure, and this browser keeps no Secure cookie of ${origin}.`,
    evidence: saw('Of the cookies that were tried, none with Secure came back.'),
  };
}

/** C16 and C18: cookies as the API sets them are kept; those with the names of the session are a case of their own. */
function ofNames({ set, came, own, tokens }: CookieAssay, target: Target): Observation[] {
  const { protocol, hostname } = new URL(target.api);
  const names = [
    ['own-token', own.token_name],
    ['own-refresh', own.refresh_name],
  ] as const;
  const blocked = names.find(([kind]) => set.includes(kind) && !came.includes(kind));
  const found: Observation[] = [];
  if (blocked && protocol === 'http:')
    found.push({
      id: 'secure-in-the-way',
      certainty: 'likely',
      says: `A Secure ${blocked[1]} from https is still there, and cannot be replaced over http.`,
      evidence: saw(`A new cookie with the name ${blocked[1]} is refused; one of another name is kept.`),
      fix: [
        { for: 'browser', do: `Delete ${blocked[1]} on the https address.`, line: `https://${hostname}` },
      ],
    });
  if (tokens > 1)
    found.push({
      id: 'two-of-one-name',
      certainty: 'proved',
      says: `${own.token_name} came ${tokens} times. Which one is yours cannot be known, so none counts.`,
      evidence: saw(`${tokens} cookies with the name ${own.token_name} came.`),
      fix: [
        {
          for: 'browser',
          do: 'Sign out, and delete what is left of this name in the developer tools.',
        },
      ],
    });
  return found;
}

/** C19. A notice, because the API sets Max-Age as well, which wins. */
function ofClock({ came }: CookieAssay): Observation[] {
  if (!came.includes('max-age') || came.includes('expires')) return [];
  return [
    {
      id: 'born-expired',
      certainty: 'likely',
      isNotice: true,
      says: 'By the clock of this computer, a cookie that expires in one minute has expired already.',
      evidence: saw('A cookie with Max-Age=60 came back, and one with Expires in 60 s did not.'),
    },
  ];
}
