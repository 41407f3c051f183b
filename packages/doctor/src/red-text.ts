import type { CauseId } from './causes/index.ts';

/** What a browser's message can mean, and how sure that is. */
export type RedText = {
  /** The name that the browser has for it. */
  readonly name: string;
  /** The causes, most likely first. With more than one, the doctor has to ask the API. */
  readonly causes: readonly CauseId[];
};

const noPermission = [
  'origin-not-listed',
  'no-cors-at-all',
  'errors-without-grant',
  'other-program',
  'page-server-answers',
  'origin-lost',
] as const satisfies readonly CauseId[];
/** Chromium looks for the permission before it looks at the status, so it hides the status. */
const noPermissionFirst = [
  'origin-not-listed',
  'preflight-needs-auth',
  'nginx-if',
  'preflight-status',
  'no-cors-at-all',
  'other-program',
  'page-server-answers',
  'origin-lost',
] as const satisfies readonly CauseId[];
const mismatch = [
  'origin-spelling',
  'grant-for-another',
  'origin-lost',
  'vary-missing',
] as const satisfies readonly CauseId[];
const redirect = [
  'preflight-redirect-https',
  'preflight-redirect-slash',
  'preflight-to-sign-in',
] as const satisfies readonly CauseId[];
const unreached = [
  'api-not-running',
  'wrong-port',
  'bound-inside-container',
  'certificate',
  'blocked-by-extension',
  'closed-early',
] as const satisfies readonly CauseId[];

type Entry = readonly [name: string, pattern: RegExp, causes: readonly CauseId[]];

/**
 * Names that appear in the protocol of Chromium's developer tools (`CorsError`, cookie reasons) and in MDN's
 * list of Firefox's CORS errors.
 */
const names: readonly Entry[] = [
  ['DisallowedByMode', /\bDisallowedByMode\b|\bNoCorsRedirectModeNotFollow\b/, ['no-cors-mode']],
  ['InvalidResponse', /\bInvalidResponse\b/, ['closed-early', 'preflight-status']],
  ['WildcardOriginNotAllowed', /\b(Preflight)?WildcardOriginNotAllowed\b/, ['wildcard-with-credentials']],
  ['PreflightMissingAllowOriginHeader', /\bPreflightMissingAllowOriginHeader\b/, noPermissionFirst],
  ['MissingAllowOriginHeader', /\bMissingAllowOriginHeader\b/, noPermission],
  ['MultipleAllowOriginValues', /\b(Preflight)?MultipleAllowOriginValues\b/, ['grant-doubled', 'grant-list']],
  ['InvalidAllowOriginValue', /\b(Preflight)?InvalidAllowOriginValue\b/, ['grant-list']],
  ['AllowOriginMismatch', /\b(Preflight)?AllowOriginMismatch\b/, mismatch],
  ['InvalidAllowCredentials', /\b(Preflight)?InvalidAllowCredentials\b/, ['credentials-not-granted']],
  ['CorsDisabledScheme', /\bCorsDisabledScheme\b/, ['not-http']],
  ['PreflightInvalidStatus', /\bPreflightInvalidStatus\b/, ['preflight-status']],
  ['PreflightDisallowedRedirect', /\bPreflightDisallowedRedirect\b/, redirect],
  [
    'InvalidAllowMethodsPreflightResponse',
    /\bInvalidAllow(Methods|Headers)PreflightResponse\b/,
    ['grant-syntax'],
  ],
  [
    'MethodDisallowedByPreflightResponse',
    /\bMethodDisallowedByPreflightResponse\b/,
    ['method-not-granted', 'method-case'],
  ],
  [
    'HeaderDisallowedByPreflightResponse',
    /\bHeaderDisallowedByPreflightResponse\b/,
    ['header-not-granted', 'header-wildcard', 'grant-sent-by-client'],
  ],
  ['RedirectContainsCredentials', /\bRedirectContainsCredentials\b/, ['redirected-away']],
  [
    'LocalNetworkAccessPermissionDenied',
    /\b(InsecureLocalNetwork|InvalidLocalNetworkAccess|LocalNetworkAccessPermissionDenied|InsecurePrivateNetwork)\b/,
    ['local-network'],
  ],
  ['SameSiteNoneInsecure', /\b(Exclude|Warn)?SameSiteNoneInsecure\b/, ['none-without-secure']],
  [
    'SchemefulSameSite',
    /\b(Exclude)?SchemefulSameSite\w*\b|\bWarnSameSite\w*Downgrade\w*\b/,
    ['scheme-differs'],
  ],
  [
    'SameSiteLax',
    /\b(Exclude|Warn)?SameSite(Strict|Lax|Unspecified\w*)\b/,
    ['loopback-names-cookie', 'cross-site'],
  ],
  [
    'CrossSiteRedirectDowngrade',
    /\bWarnCrossSiteRedirectDowngradeChangesInclusion\b/,
    ['redirected-away', 'cross-site'],
  ],
  [
    'ThirdPartyPhaseout',
    /\b(UserPreferences|(Exclude)?ThirdParty\w+|WarnThirdPartyCookieHeuristic|WarnDeprecationTrialMetadata)\b/,
    ['third-party-blocked', 'cookies-off'],
  ],
  ['NotOnPath', /\bNotOnPath\b/, ['path-attribute']],
  [
    'InvalidDomain',
    /\b(InvalidDomain|DomainMismatch|ExcludeDomainNonASCII|ExcludeDomainNonAscii)\b/,
    ['domain-attribute'],
  ],
  ['InvalidPrefix', /\bInvalidPrefix\b/, ['prefix-rule']],
  ['OverwriteSecure', /\bOverwriteSecure\b/, ['secure-in-the-way']],
  [
    'NameValuePairExceedsMaxSize',
    /\b(NameValuePairExceedsMaxSize|\w*AttributeValueExceedsMaxSize)\b/,
    ['too-long'],
  ],
  ['PortMismatch', /\b(Exclude)?(Port|Scheme)Mismatch\b/, ['same-name-other-app']],
  ['INVALID_PARTITIONED', /\bINVALID_PARTITIONED\b/, ['partition-differs']],
  ['HTTP_ONLY', /\b(OVERWRITE_)?HTTP_ONLY\b/, ['httponly-invisible']],
  [
    'SECURE_ACCESS_GRANTED_NON_CRYPTOGRAPHIC',
    /\bSECURE_ACCESS_GRANTED_NON_CRYPTOGRAPHIC\b/,
    ['secure-on-http-loopback'],
  ],
  [
    'SyntaxError',
    /\b(DisallowedCharacter|NoCookieContent|SchemeNotSupported|FAILURE_TO_STORE)\b/,
    ['set-cookie-syntax'],
  ],
  ['AnonymousContext', /\bAnonymousContext\b/, ['call-without-credentials']],
  ['SecureOnly', /\bSecureOnly\b/, ['secure-over-http', 'secure-on-http-loopback']],
];

/**
 * What the sentences of the consoles of Chromium, Firefox and Safari have in common, most exact first: the
 * header or the rule that they name, and a word of the complaint.
 */
const sentences: readonly Entry[] = [
  ['content security policy', /content.security.policy|connect-src/i, ['csp-connect']],
  [
    'mixed content',
    /mixed content|insecure (resource|content)|must be served over https/i,
    ['mixed-content'],
  ],
  ['local network', /(local|private|loopback) (network|address space)|address space/i, ['local-network']],
  ['unsafe port', /unsafe.port|restricted port|not allowed to use restricted network port/i, ['bad-port']],
  ['blocked by the client', /blocked.by.client|content blocker/i, ['blocked-by-extension']],
  [
    'redirect of a preflight',
    /redirect is not allowed for a preflight|ERR_INVALID_REDIRECT|external redirect|preflight response is not successful.*30\d/i,
    redirect,
  ],
  [
    'preflight status',
    /does not have http ok status|preflight response is not successful|preflight (channel )?did ?n.t succeed|cors preflight (response )?did not succeed/i,
    ['preflight-status', 'preflight-needs-auth'],
  ],
  // Firefox names the status of a preflight, and the permission that it looked for first.
  ['redirect without permission', /allow-origin[’'"]? missing\).*status code: 30\d/is, redirect],
  [
    'no permission, in Firefox',
    /allow-origin[’'"]? missing\)/i,
    [...noPermissionFirst, 'errors-without-grant'],
  ],
  [
    'two values, in Firefox',
    /allow-origin[’'"]? does not match [‘'"][^’'"]*,/i,
    ['grant-doubled', 'grant-list'],
  ],
  [
    'wildcard',
    /(wildcard|['‘"]\*['’"]).*(credential|include)|credential.*(['‘"]\*['’"]|wildcard)/is,
    ['wildcard-with-credentials'],
  ],
  ['credentials', /allow-credentials/i, ['credentials-not-granted']],
  [
    'several values',
    /(multiple|more than one).*allow-origin|allow-origin.*(multiple values|cannot contain more than one|more than one)/is,
    ['grant-doubled', 'grant-list'],
  ],
  ['invalid value', /allow-origin.*(invalid value|not a valid)/is, ['grant-list']],
  [
    'another value',
    /allow-origin.*((has|contains).*a value.*not equal|does not match|not equal to)|is not allowed by access-control-allow-origin/is,
    [...mismatch, 'origin-not-listed'],
  ],
  [
    'invalid token',
    /invalid token.*allow-(methods|headers)|cannot parse access-control-allow|allow-(methods|headers).*(invalid|parse)/is,
    ['grant-syntax'],
  ],
  [
    'method',
    /method ['‘"]?[\w-]+['’"]? is not allowed by access-control-allow-methods|did not find method|allow-methods/i,
    ['method-not-granted', 'method-case'],
  ],
  [
    'header',
    /request header field .* is not allowed|missing token .*allow-headers|header .* not allowed.*allow-headers|allow-headers/is,
    ['header-not-granted', 'header-wildcard', 'grant-sent-by-client'],
  ],
  [
    'no permission for the preflight',
    /preflight.*no ['‘"]?access-control-allow-origin['’"]? header/is,
    noPermissionFirst,
  ],
  [
    'no permission',
    /no ['‘"]?access-control-allow-origin['’"]? header|allow-origin['’"]? (header )?(is )?missing|missing.*allow-origin/is,
    noPermission,
  ],
  [
    'scheme',
    /only supported for protocol schemes|cross origin requests are only supported|request not http|url scheme .* is not supported|not http/i,
    ['not-http'],
  ],
  ['origin null', /origin ['‘"]?null['’"]?/i, ['opaque-origin', 'origin-not-listed']],
  [
    'resource policy',
    /cross-origin-resource-policy|ERR_BLOCKED_BY_RESPONSE|NotSameOrigin|corp/i,
    ['resource-policy'],
  ],
  [
    'SameSite=None',
    /samesite=none.*secure|samesite.*none.*without.*secure|sameSite.*["“]none["”].*secure/is,
    ['none-without-secure'],
  ],
  ['other domain', /(cookie|set-cookie).*domain/is, ['domain-attribute']],
  ['cookie prefix', /__(host|secure)-/i, ['prefix-rule']],
  ['cookie size', /cookie.*(too large|size|4096)/is, ['too-long']],
  ['cross-site cookie', /cookie.*(cross-site|samesite)/is, ['cross-site', 'loopback-names-cookie']],
  [
    'third-party cookie',
    /(third-party|third party|foreign).*cookie|cookie.*(third-party|foreign|partition)/is,
    ['third-party-blocked'],
  ],
  ['certificate', /ERR_CERT|certificate|SSL_ERROR|SEC_ERROR|self.signed/i, ['certificate']],
  ['TLS', /ERR_SSL_PROTOCOL_ERROR|wrong version number/i, ['upgraded-to-https', 'certificate']],
  [
    'refused',
    /ERR_CONNECTION_REFUSED|ECONNREFUSED|could not connect to the server|connection refused/i,
    ['api-not-running', 'wrong-port'],
  ],
  [
    'name',
    /ERR_NAME_NOT_RESOLVED|ENOTFOUND|hostname could not be found|NS_ERROR_UNKNOWN_HOST/i,
    ['name-unknown'],
  ],
  [
    'reset',
    /ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ECONNRESET|socket hang up/i,
    ['bound-inside-container', 'closed-early'],
  ],
  [
    'cut',
    /ERR_INCOMPLETE_CHUNKED|ERR_CONTENT_LENGTH_MISMATCH|network connection was lost/i,
    ['closed-early'],
  ],
  ['time', /ERR_(CONNECTION_)?TIMED_OUT|ETIMEDOUT|timed? ?out/i, ['no-answer', 'connections-used-up']],
  [
    'JSON',
    /unexpected token ['‘"]?<|not valid json.*<|JSON\.parse.*unexpected character at line 1 column 1/is,
    ['page-server-answers'],
  ],
  [
    'cannot be built',
    /invalid (header )?value|non ISO-8859-1|bytestring|includes credentials/i,
    ['unsendable'],
  ],
  [
    'did not succeed',
    /cors request did not succeed|networkerror when attempting|failed to fetch|load failed|access control checks/i,
    unreached,
  ],
];

/**
 * Reads what a browser's console, its Issues panel or its protocol says. Undefined where it is of no known
 * kind. The text is compared with patterns and goes nowhere.
 */
export function readRedText(text: string): RedText | undefined {
  const found = [...names, ...sentences].find(([, pattern]) => pattern.test(text));
  return found && { name: found[0], causes: found[2] };
}
