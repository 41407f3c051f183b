import { isLoopback } from '@signet/contracts';

/** Whether the page came over http from another machine, so that the API's cookies, which are Secure, are not kept. */
export function isPlainHttp(pageUrl: string): boolean {
  return new URL(pageUrl).protocol === 'http:' && !isLoopback(pageUrl);
}

export const cookieNeedsHttps =
  'This page came over plain http, and browsers keep a Secure cookie only over https. Open it over https, or sign in with a bearer token.';
