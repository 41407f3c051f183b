import type { Answer, Facts } from '../facts.ts';

/** Long enough for every token of Signet, and longer than the words that the rules look for. */
const tokens = /[\w-]{32,}/g;

/**
 * The facts as they travel in JSON, without the values of the cookies and tokens of the probe's own sign-in, which has
 * ended by then: each keeps its length, because a cookie can be too long. Of successful answers the body is left out.
 * Every answer is cleaned wherever it stands, so that a request which the probe sends in future cannot be forgotten.
 */
export function withholdValues(facts: Facts): Facts {
  return JSON.parse(JSON.stringify(facts, (_name, value) => (isAnswer(value) ? cleanAnswer(value) : value)));
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'headers' in value && 'body' in value;
}

function cleanAnswer(answer: Answer): Answer {
  const clean = (text: string) => text.replaceAll(tokens, (token) => 'x'.repeat(token.length));
  return {
    ...answer,
    headers: answer.headers.map(([name, value]) =>
      /^set-cookie$/i.test(name) ? ([name, clean(value)] as const) : ([name, value] as const),
    ),
    body: answer.status < 400 ? '' : answer.body,
  };
}
