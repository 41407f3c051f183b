import type { CookieAssay, Exchange } from '@signet/contracts';

/** A header as it came: one entry a line, so that two lines can be told from one line with a list. */
export type HeaderLine = readonly [name: string, value: string];

export type Answer = {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** The first 8 kB as text. */
  readonly body: string;
  /** The caller's clock in the middle of the exchange, in milliseconds since 1970. */
  readonly at: number;
};

/** Where an exchange stopped without an answer, and the code of Node or TLS for it. */
export type Failure = {
  readonly stage: 'name' | 'connect' | 'tls' | 'answer';
  readonly code: string;
};

export type Outcome = Answer | Failure;

export function isAnswer(outcome: Outcome | undefined): outcome is Answer {
  return outcome !== undefined && 'status' in outcome;
}

/** A request that the probe sent, and what came of it. Bodies and tokens are the probe's own. */
export type Sent = {
  readonly url: string;
  readonly method: string;
  readonly path: string;
  /** The value of `Origin`; undefined where the probe sent none. */
  readonly origin?: string;
  /** Set for a preflight: what it asked for. */
  readonly asked?: { readonly method: string; readonly headers: readonly string[] };
  readonly outcome: Outcome;
};

/** Everything that a program outside of the browser can see. Absent members are unknown. */
export type ProbeFacts = {
  /** Each address of the host, and whether something accepted a connection there. */
  readonly addresses: readonly { readonly address: string; readonly failure?: Failure }[];
  /** GETs with the page's origin. The first one decides whether the API can be reached. */
  readonly reads: readonly Sent[];
  readonly preflights: readonly Sent[];
  /** The same GET as the first read, from other origins. */
  readonly otherOrigins: readonly Sent[];
  /** Origins that the API grants, of those that were tried. */
  readonly grantedOrigins: readonly string[];
  /** Requests that the API refuses before it looks at a password, to see whether `Origin` arrives. */
  readonly guarded: readonly Sent[];
  /** The head of a POST that announces an image as large as Signet takes. */
  readonly upload?: Sent;
  /** A GET with 10 kB of cookies, which Signet takes. */
  readonly longHeader?: Sent;
  /** A GET with an Authorization header that holds no real token. */
  readonly withAuthorization?: Sent;
  /** Sign-out without a session: it clears both cookies with the attributes that they are set with. */
  readonly signOut?: Sent;
  /** A sign-in of a demo user, on one's own machine only. */
  readonly signIn?: Sent;
  /** A GET with the cookies of that sign-in. */
  readonly withCookie?: Sent;
  /** The same token sent several times: status codes in order. */
  readonly sameToken?: readonly number[];
  /** Whether http is spoken where https was asked for, and the reverse. */
  readonly otherScheme?: 'spoken' | 'silent';
  /** Other addresses of this machine at which Signet answers. */
  readonly signetElsewhere: readonly string[];
};

/** What the page's script knows. Absent members are unknown. */
export type PageFacts = {
  readonly isSecureContext?: boolean;
  /** A `securitypolicyviolation` event for the address of the API. */
  readonly blockedDirective?: string;
  readonly localNetwork?: 'granted' | 'prompt' | 'denied';
  /** The script of the service worker that controls the page. */
  readonly serviceWorker?: string;
  readonly cookiesEnabled?: boolean;
  readonly isFramed?: boolean;
  readonly hasStorageAccess?: boolean;
  /** Fetches from the page: `cors` was readable; `no-cors` only says that something answered. */
  readonly fetches?: readonly PageFetch[];
  /** Whether a cookie that the page set by script was there afterwards. */
  readonly keepsOwnCookies?: boolean;
  /** Which cookies of the assay came back, in a call with credentials. */
  readonly assay?: CookieAssay;
  /** How many of them came in a call without credentials. */
  readonly cameWithoutCredentials?: number;
  /** An address other than the page's at which the page's server found Signet. */
  readonly signetElsewhere?: string;
  /** The page's clock minus the API's, in milliseconds. */
  readonly clockOffsetMs?: number;
  /** Streams that are open in this browser to the API. */
  readonly openStreams?: number;
};

export type PageFetch = {
  readonly path: string;
  readonly mode: 'cors' | 'no-cors';
  readonly credentials: 'include' | 'omit';
  readonly cache?: 'default' | 'no-store';
  readonly outcome: 'answered' | 'rejected' | 'timeout';
};

/** Whether the page could read an answer of the API. */
export function hasRead(page: PageFacts | undefined): boolean {
  return page?.fetches?.some(({ mode, outcome }) => mode === 'cors' && outcome === 'answered') ?? false;
}

/** One call of the page: how script made it, how it ended, and what the API saw of it. */
export type CallFacts = {
  /** As script gave it, before any normalization. */
  readonly url: string;
  readonly method: string;
  readonly mode?: 'cors' | 'no-cors' | 'same-origin';
  readonly credentials?: 'include' | 'same-origin' | 'omit';
  /** Names of the headers that script set, as it wrote them. */
  readonly headers: readonly string[];
  /** The form of the Authorization header that script set. */
  readonly authorization?: TokenForm;
  readonly body?: 'none' | 'json' | 'object' | 'text' | 'form';
  readonly hasUploadListener?: boolean;
  /** Names of query parameters. */
  readonly query?: readonly string[];
  readonly outcome: CallOutcome;
  /** As the API saw it; `null` where the trace is readable and has no such call. */
  readonly exchange?: Exchange | null;
  /** The preflight of this call in the trace. */
  readonly preflight?: Exchange | null;
  /** Whether another call of this page carried a cookie. */
  readonly othersCarryCookies?: boolean;
  /** Whether a sign-in succeeded in this page a moment ago. */
  readonly justSignedIn?: boolean;
};

export type CallOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly code?: string;
      readonly isRedirected: boolean;
      readonly type: 'cors' | 'basic' | 'opaque';
      readonly isHtml?: boolean;
      /** Headers that script read and got null for. */
      readonly unreadable?: readonly string[];
    }
  | { readonly kind: 'failed'; readonly error: 'network' | 'invalid' | 'abort' | 'timeout' };

/** A token by its form alone; no value of it. */
export type TokenForm = {
  /** Where it was put. */
  readonly place: 'header' | 'cookie' | 'query' | 'body' | 'other-header';
  readonly scheme?: 'bearer' | 'none' | 'twice' | 'other';
  readonly parts: number;
  readonly bytes: number;
  readonly placeholder?: string;
  readonly isQuoted?: boolean;
  /** A line break, or a character outside Latin-1. */
  readonly isUnsendable?: boolean;
  /** Bytes of the signature after base64url. */
  readonly signatureBytes?: number;
  readonly kind?: 'access' | 'refresh' | 'id' | 'encrypted';
  readonly issuer?: string;
  readonly audience?: string;
  readonly verifiesAsBase64?: boolean;
};

export type Target = {
  /** As it was given. */
  readonly api: string;
  /** The page's origin as browsers write it; `null` for a page without one. */
  readonly origin: string;
  /** Whether both are one site to a cookie (RFC 6265bis, section 5.2), schemes included. */
  readonly site: 'same-origin' | 'same-site' | 'cross-site';
  /** The part of the API's host under which anybody can register names, such as `github.io`. */
  readonly publicSuffix?: string;
  /** A call that the page makes, where it was named. */
  readonly call?: { readonly method: string; readonly path: string; readonly headers: readonly string[] };
};

/** All that is known, each part from its own witness. A part that is absent is unknown, not wrong. */
export type Facts = {
  readonly target: Target;
  readonly probe?: ProbeFacts;
  /** The exchanges of the probe, as the API saw them; absent where the API shows none. */
  readonly trace?: readonly Exchange[];
  readonly page?: PageFacts;
  readonly call?: CallFacts;
};
