import type { IncomingHttpHeaders } from 'node:http';
import { type CookieAssay, type CookieProfile, cookiePolicy } from '@signet/contracts';
import { parse } from 'cookie';
import type { Handlers } from '../http/call.ts';
import { assayCookies, valueStart } from './cookies.ts';

type AssayHandlers = Pick<Handlers, 'startCookieAssay' | 'readCookieAssay'>;

const sites = ['same-origin', 'same-site', 'cross-site', 'none'] as const;

/**
 * What a browser does with cookies, by experiment: no script can ask why a cookie is missing. The answer has names and
 * numbers only.
 */
export function createAssayHandlers({
  profile,
  now,
}: {
  readonly profile: CookieProfile;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): AssayHandlers {
  const { tokenName, refreshName, sameSite, secure } = cookiePolicy[profile];
  return {
    startCookieAssay({ headers }, reply) {
      for (const { line } of assayCookies(profile, { host: hostIn(headers), now: now() }))
        reply.setCookie(line);
      return undefined;
    },

    readCookieAssay({ headers }): CookieAssay {
      const rows = assayCookies(profile, { host: hostIn(headers), now: now() });
      const pairs = (headers.cookie ?? '').split(';').flatMap((each) => Object.entries(parse(each)));
      const isAssay = (value: string | undefined) => value?.startsWith(valueStart) ?? false;
      const hasCome = (name: string) => pairs.some(([each, value]) => each === name && isAssay(value));
      const site = sites.find((each) => each === headers['sec-fetch-site']);
      return {
        set: rows.map(({ kind }) => kind),
        came: rows.filter(({ name }) => hasCome(name)).map(({ kind }) => kind),
        ...(site && { site }),
        own: { token_name: tokenName, refresh_name: refreshName, same_site: sameSite, secure },
        tokens: pairs.filter(([name, value]) => name === tokenName && !isAssay(value)).length,
      };
    },
  };
}

/** The name under which the API was called, without the port. */
function hostIn({ host = '' }: IncomingHttpHeaders): string {
  return host.replace(/:\d+$/, '');
}
