import { linesOf } from './answers.ts';
import type { Answer } from './facts.ts';

/** What an answer says about an origin (Fetch, CORS check). */
export type AllowOrigin = 'absent' | 'exact' | 'wildcard' | 'doubled' | 'list' | 'misspelled' | 'another';

export function allowOriginOf(answer: Answer, origin: string): AllowOrigin {
  const lines = linesOf(answer, 'access-control-allow-origin');
  const [value] = lines;
  if (value === undefined) return 'absent';
  if (lines.length > 1) return 'doubled';
  if (value === '*') return 'wildcard';
  if (value === origin) return 'exact';
  if (value === 'null') return 'another';
  if (value !== '' && origin.endsWith(`//${value.replace(/\/$/, '').toLowerCase()}`)) return 'misspelled';
  if (/[\s,"']/.test(value) || !URL.canParse(value))
    return isWildcardFor(value, origin) ? 'misspelled' : 'list';
  return serialized(value) === serialized(origin) || isWildcardFor(value, origin) ? 'misspelled' : 'another';
}

/** How people write an origin otherwise than browsers: a slash at the end, capitals, the default port. */
export function spellingsOf(origin: string): string[] {
  if (!URL.canParse(origin)) return [];
  const { protocol, hostname, port } = new URL(origin);
  const defaultPort = protocol === 'https:' ? '443' : '80';
  return [
    `${origin}/`,
    ...(port === '' ? [`${origin}:${defaultPort}`] : []),
    ...(/[a-z]/.test(hostname) ? [`${protocol}//${hostname.toUpperCase()}${port && `:${port}`}`] : []),
  ];
}

/** The same page under the other names of this machine. */
export function loopbackTwinsOf(origin: string): string[] {
  if (!URL.canParse(origin)) return [];
  const { protocol, hostname, port } = new URL(origin);
  const names = ['localhost', '127.0.0.1', '[::1]'];
  if (!names.includes(hostname)) return [];
  return names.filter((name) => name !== hostname).map((name) => `${protocol}//${name}${port && `:${port}`}`);
}

function serialized(text: string): string {
  const { protocol, host } = new URL(text);
  return `${protocol}//${host.toLowerCase()}`;
}

/** `*.example.org`, with or without a scheme, which no browser understands. */
function isWildcardFor(value: string, origin: string): boolean {
  if (!value.includes('*')) return false;
  const pattern = value.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+');
  return new RegExp(`^(https?://)?${pattern}$`).test(
    value.includes('://') ? origin : origin.replace(/^.*:\/\//, ''),
  );
}
