/** What a pasted text is. Only `token` can be inspected; `where` says what it was found in. */
export type Recognised =
  | { readonly kind: 'token'; readonly token: string; readonly where: string | undefined }
  | { readonly kind: 'other'; readonly says: string };

/** A JSON object begins with `{"`, which base64url writes as `eyJ`. Four dots are those of an encrypted token. */
const inText = /eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){2,4}/;

/** Three parts that may be a token with damage in them. */
const alone = /^[^\s.;=:/"']+\.[^\s.]*\.[^\s.]*$/;

/**
 * Finds the token in what somebody pastes: the token itself, an Authorization or Cookie header, a curl command, the
 * JSON of an answer. Says what the text is if there is no token in it. Nothing of it leaves the page.
 */
export function recognise(text: string): Recognised {
  const trimmed = unquote(text.trim());
  if (alone.test(trimmed) && !refreshToken.test(trimmed))
    return { kind: 'token', token: trimmed, where: undefined };
  const [found] = inText.exec(trimmed) ?? [];
  if (found === undefined) return { kind: 'other', says: whatIs(trimmed) };
  if (found.split('.').length === 5)
    return {
      kind: 'other',
      says: 'This is an encrypted token (JWE, five parts). Its content can be read with the key only. Signet uses signed tokens (JWS, three parts).',
    };
  return { kind: 'token', token: found, where: placeOf(trimmed) };
}

const refreshToken = /^[\w-]{22}\.\d+\.[\w-]+$/;

function placeOf(text: string): string {
  if (/^curl\b/.test(text)) return 'a curl command';
  if (/^(authorization\s*:\s*)?bearer\s/i.test(text)) return 'an Authorization header';
  if (/^[{[]/.test(text)) return 'JSON';
  if (/^(set-)?cookie\s*:|^[\w-]+=/i.test(text)) return 'a cookie';
  return 'the text';
}

function whatIs(text: string): string {
  if (/^(undefined|null|\[object Object\])$/.test(text))
    return `This is the word ${text}: a program wrote it where it had no token.`;
  if (/^(\{\{.*\}\}|\$\{?\w+\}?)$/.test(text))
    return 'This is a variable that was not replaced by its value. Define it where you send the request.';
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    return 'This is a UUID: a name without content. A token has three parts with dots between them.';
  if (refreshToken.test(text))
    return 'This is a refresh token of Signet: session, generation and a MAC. It has nothing to decode, and it works at POST /api/sessions/refresh only.';
  if (/^(bearer|basic)\b/i.test(text))
    return 'This is an Authorization header without a JSON Web Token in it.';
  if (isJson(text)) return 'This is JSON without a token in it. Encoded, a token begins with eyJ.';
  if (text.split('.').length === 2)
    return 'This has two parts. A token has three; the end may be missing from what was copied.';
  return 'This is not a JSON Web Token: it would have three parts with dots between them.';
}

function isJson(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
