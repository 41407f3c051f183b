import { AppError } from '../errors.ts';

const maxDepth = 32;

/** Names by which a later merge or copy could change an object's prototype. */
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON from outside, given as bytes in UTF-8.
 *
 * Throws `invalid_request` for bytes that are not UTF-8, text that is not JSON, members named twice (parsers
 * disagree on which counts, RFC 8259, section 4), nesting deeper than 32, names that reach a prototype, NUL
 * and lone surrogates (databases do not store either unchanged).
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  refuseHostile(value, 1);
  if (countNames(text) !== countMembers(value))
    throw new AppError('invalid_request', 'The JSON names a member twice');
  return value;
}

/**
 * Throws `invalid_request` where a string or a name that no endpoint has a use for is anywhere in the value.
 */
export function refuseHostile(value: unknown, depth = 1): void {
  if (typeof value === 'string') refuseText(value);
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) throw new AppError('invalid_request', `The JSON is nested deeper than ${maxDepth}`);
  for (const [name, member] of Object.entries(value)) {
    if (forbiddenNames.has(name))
      throw new AppError('invalid_request', 'The request has a member with a reserved name');
    refuseText(name);
    refuseHostile(member, depth + 1);
  }
}

function refuseText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw new AppError('invalid_request', 'The request has a NUL or a lone surrogate in a text');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_request', 'The text is not UTF-8', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which may hold a password.
    throw new AppError('invalid_request', 'The body is not JSON');
  }
}

/** How many members the text names. The text is valid JSON, so a string before a colon is a name. */
function countNames(text: string): number {
  let names = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?/g)) if (colon) names += 1;
  return names;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return members.reduce<number>(
    (sum, member) => sum + countMembers(member),
    Array.isArray(value) ? 0 : members.length,
  );
}
