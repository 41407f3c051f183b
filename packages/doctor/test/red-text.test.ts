import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type CauseId, readRedText } from '../src/index.ts';

const first = (text: string) => readRedText(text)?.causes[0];

describe('red text', () => {
  // Names of the protocol and of MDN, and texts in the manner of each browser.
  const table: [text: string, cause: CauseId][] = [
    ['DisallowedByMode', 'no-cors-mode'],
    ['WildcardOriginNotAllowed', 'wildcard-with-credentials'],
    ['PreflightWildcardOriginNotAllowed', 'wildcard-with-credentials'],
    ['PreflightMissingAllowOriginHeader', 'origin-not-listed'],
    ['MultipleAllowOriginValues', 'grant-doubled'],
    ['PreflightInvalidAllowOriginValue', 'grant-list'],
    ['AllowOriginMismatch', 'origin-spelling'],
    ['InvalidAllowCredentials', 'credentials-not-granted'],
    ['CorsDisabledScheme', 'not-http'],
    ['PreflightInvalidStatus', 'preflight-status'],
    ['PreflightDisallowedRedirect', 'preflight-redirect-https'],
    ['InvalidAllowHeadersPreflightResponse', 'grant-syntax'],
    ['MethodDisallowedByPreflightResponse', 'method-not-granted'],
    ['HeaderDisallowedByPreflightResponse', 'header-not-granted'],
    ['RedirectContainsCredentials', 'redirected-away'],
    ['LocalNetworkAccessPermissionDenied', 'local-network'],
    ['ExcludeSameSiteNoneInsecure', 'none-without-secure'],
    ['ExcludeSameSiteUnspecifiedTreatedAsLax', 'loopback-names-cookie'],
    ['SchemefulSameSiteStrict', 'scheme-differs'],
    ['ExcludeThirdPartyPhaseout', 'third-party-blocked'],
    ['NotOnPath', 'path-attribute'],
    ['ExcludeDomainNonASCII', 'domain-attribute'],
    ['InvalidPrefix', 'prefix-rule'],
    ['OverwriteSecure', 'secure-in-the-way'],
    ['NameValuePairExceedsMaxSize', 'too-long'],
    ['ExcludePortMismatch', 'same-name-other-app'],
    ['AnonymousContext', 'call-without-credentials'],
    ['SecureOnly', 'secure-over-http'],
    ["No 'Access-Control-Allow-Origin' header is present on the requested resource.", 'origin-not-listed'],
    ["The 'Access-Control-Allow-Origin' header contains multiple values 'a, a'.", 'grant-doubled'],
    [
      "The value of the 'Access-Control-Allow-Origin' header must not be the wildcard '*' when the credentials mode is 'include'.",
      'wildcard-with-credentials',
    ],
    [
      "The value of the 'Access-Control-Allow-Credentials' header is 'True' which must be 'true' when the request's credentials mode is 'include'.",
      'credentials-not-granted',
    ],
    ['Redirect is not allowed for a preflight request.', 'preflight-redirect-https'],
    ['Response to preflight request: It does not have HTTP ok status.', 'preflight-status'],
    [
      'Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.',
      'method-not-granted',
    ],
    [
      'Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.',
      'header-not-granted',
    ],
    ['(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.', 'origin-not-listed'],
    ['(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘http://a’).', 'origin-spelling'],
    [
      '(Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).',
      'wildcard-with-credentials',
    ],
    ['(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).', 'grant-doubled'],
    [
      '(Reason: expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).',
      'credentials-not-granted',
    ],
    ['(Reason: CORS preflight response did not succeed). Status code: 405.', 'preflight-status'],
    ['(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).', 'method-not-granted'],
    [
      '(Reason: header ‘authorization’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).',
      'header-not-granted',
    ],
    ['(Reason: invalid token ‘a b’ in CORS header ‘Access-Control-Allow-Methods’).', 'grant-syntax'],
    ['(Reason: CORS request external redirect not allowed).', 'preflight-redirect-https'],
    ['(Reason: CORS request did not succeed). Status code: (null).', 'api-not-running'],
    ['(Reason: CORS request not http).', 'not-http'],
    [
      'Origin http://localhost:4100 is not allowed by Access-Control-Allow-Origin. Status code: 200',
      'origin-spelling',
    ],
    ['Fetch API cannot load http://localhost:8086/ due to access control checks.', 'api-not-running'],
    ['net::ERR_CONNECTION_REFUSED', 'api-not-running'],
    ['net::ERR_NAME_NOT_RESOLVED', 'name-unknown'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate'],
    ['net::ERR_UNSAFE_PORT', 'bad-port'],
    ['net::ERR_BLOCKED_BY_CLIENT', 'blocked-by-extension'],
    ['net::ERR_EMPTY_RESPONSE', 'bound-inside-container'],
    ["Refused to connect because it violates the document's Content Security Policy.", 'csp-connect'],
    ['Mixed Content: the page was loaded over HTTPS, but requested an insecure resource.', 'mixed-content'],
    [`Unexpected token '<', "<!doctype "... is not valid JSON`, 'page-server-answers'],
    [
      'Cookie “jwt” rejected because it has the “SameSite=None” attribute but is missing the “secure” attribute.',
      'none-without-secure',
    ],
    ['Cookie “jwt” has been rejected for invalid domain.', 'domain-attribute'],
  ];

  test.each(table)('The text "%s" leads to %s.', (text, cause) => {
    expect(first(text)).toBe(cause);
  });

  test('A text of another kind leads to no cause.', () => {
    expect(readRedText('Download the React DevTools for a better development experience')).toBeUndefined();
  });

  test('Every message that Firefox has for a fault of the lab leads to the cause of that fault.', () => {
    const text = readFileSync(new URL('firefox-red-text.json', import.meta.url), 'utf8');
    const recorded: { verdict: string; text: string }[] = JSON.parse(text);
    expect(recorded.length).toBeGreaterThan(30);
    // Firefox ends every failed preflight with this line, which says nothing of its own.
    const telling = recorded.filter((each) => !each.text.includes('CORS request did not succeed'));
    for (const { verdict, text: message } of telling)
      expect([message, readRedText(message)?.causes]).toEqual([message, expect.arrayContaining([verdict])]);
  });
});
