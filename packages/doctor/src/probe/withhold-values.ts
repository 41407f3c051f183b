import type { Answer, Facts, ProbeFacts, Sent } from '../facts.ts';
import { isAnswer } from '../facts.ts';

/** Long enough for every token of Signet, and longer than the words that the rules look for. */
const tokens = /[\w-]{32,}/g;

/**
 * The facts without the values of the cookies and tokens of the probe's own sign-in, which has ended by then: each keeps
 * its length, because a cookie can be too long. Of successful answers the body is left out.
 */
export function withholdValues({ probe, ...facts }: Facts): Facts {
  if (!probe) return facts;
  const {
    reads,
    preflights,
    otherOrigins,
    guarded,
    upload,
    longHeader,
    withAuthorization,
    signOut,
    signIn,
    withCookie,
    ...rest
  } = probe;
  const single = { upload, longHeader, withAuthorization, signOut, signIn, withCookie };
  const cleaned = Object.fromEntries(
    Object.entries(single).flatMap(([name, sent]) => (sent ? [[name, cleanSent(sent)]] : [])),
  );
  const result: ProbeFacts = {
    ...rest,
    ...cleaned,
    reads: reads.map(cleanSent),
    preflights: preflights.map(cleanSent),
    otherOrigins: otherOrigins.map(cleanSent),
    guarded: guarded.map(cleanSent),
  };
  return { ...facts, probe: result };
}

function cleanSent(sent: Sent): Sent {
  return isAnswer(sent.outcome) ? { ...sent, outcome: cleanAnswer(sent.outcome) } : sent;
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
