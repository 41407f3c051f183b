import type { Exchange } from '@signet/contracts';
import { z } from 'zod';
import type { Probed } from '../probe.ts';
import type { FlowFacts } from './observe.ts';

/** What was seen of one question in one flow. */
const Cell = z.object({
  /** `Yes`, `No`, a number of bytes, `?` where it could not be seen. */
  answer: z.string(),
  /** How it was seen, in one sentence. */
  how: z.string(),
  /** The exchange in which it was seen. */
  requestId: z.string().optional(),
});
export type Cell = { readonly answer: string; readonly how: string; readonly requestId?: string | undefined };

/** The cells of each flow that has run, as the history keeps them; none for anything else. */
export const Observed = z
  .object({ bearer: z.record(z.string(), Cell).optional(), cookie: z.record(z.string(), Cell).optional() })
  .catch({});
export type Observed = z.infer<typeof Observed>;

export type Row = { readonly id: string; readonly question: string; readonly why: string };

/** The questions, in the order of the steps. */
export const rows: readonly Row[] = [
  {
    id: 'readable',
    question: 'Can script read the token?',
    why: 'What script reads, an injected script reads.',
  },
  {
    id: 'by-itself',
    question: 'Is it sent without the help of script?',
    why: 'What browsers send by themselves, foreign pages can make them send.',
  },
  {
    id: 'preflighted',
    question: 'Is GET /protected preflighted?',
    why: 'An Authorization header needs permission, a cookie does not.',
  },
  {
    id: 'bytes',
    question: 'How much does it add to each request?',
    why: 'The header with its name, in bytes.',
  },
  { id: 'reload', question: 'Does it survive a reload?', why: 'A document in a hidden frame is reloaded.' },
  {
    id: 'elsewhere',
    question: 'Can it be used at another origin?',
    why: 'The same API, under its other name.',
  },
  {
    id: 'refresh',
    question: 'Can it be refreshed?',
    why: 'Both flows open the same kind of session.',
  },
  { id: 'after', question: 'Is it usable after the sign-out?', why: 'What was usable before is sent again.' },
  {
    id: 'xss',
    question: 'What does an injected script get (XSS)?',
    why: 'Follows from what script can read.',
  },
  {
    id: 'csrf',
    question: 'What does a foreign page get (CSRF)?',
    why: 'Follows from what is sent without script.',
  },
];

export type Cells = Readonly<Record<string, Cell>>;

/** The cells of one flow, from what the page saw and, where the API has one, from its trace. */
export function cellsOf(facts: FlowFacts, trace: readonly Exchange[] | undefined, apiUrl: string): Cells {
  const find = (probed: Probed) => trace?.find(({ request_id }) => request_id === probed.requestId);
  const { carrier, signIn, own, bare, reloaded, refreshed, replayed, tokenLength } = facts;
  const isBearer = carrier === 'bearer';
  const isSentBare = bare.status === 200;
  const sameSite = find(signIn)?.set_cookies.find(({ http_only }) => http_only)?.same_site;
  return {
    readable:
      tokenLength === undefined && facts.newCookieNames.length === 0
        ? {
            answer: 'No',
            how: 'The answer has no token, and document.cookie shows nothing new.',
            requestId: signIn.requestId,
          }
        : {
            answer: 'Yes',
            how:
              tokenLength === undefined
                ? `document.cookie shows ${facts.newCookieNames.join(', ')}.`
                : `The answer of the sign-in has it: ${tokenLength} characters.`,
            requestId: signIn.requestId,
          },
    'by-itself': {
      answer: isSentBare ? 'Yes' : 'No',
      how: isSentBare
        ? 'A call without any header of script was accepted.'
        : `A call without any header of script: ${outcomeOf(bare)}.`,
      requestId: bare.requestId,
    },
    preflighted: preflightCell(facts, trace, apiUrl),
    bytes: bytesCell(facts, trace, find(own)?.token?.bytes),
    reload: {
      answer: reloaded.status === 200 ? 'Yes' : 'No',
      how:
        reloaded.status !== 200
          ? `The reloaded document was refused: ${outcomeOf(reloaded)}.`
          : isBearer
            ? 'Script had put it into localStorage, and read it there again.'
            : 'The browser kept the cookie and sent it again.',
      requestId: reloaded.requestId,
    },
    elsewhere: elsewhereCell(facts),
    refresh: {
      answer: refreshed.status === 200 ? 'Yes' : 'No',
      how: isBearer
        ? 'Script sent the refresh token in the body.'
        : `The browser sent ${listOf(find(refreshed)?.cookies) ?? 'its refresh cookie'} by itself.`,
      requestId: refreshed.requestId,
    },
    after: {
      answer: replayed.status === 200 ? 'Yes' : 'No',
      how: isBearer
        ? `A copy of the token was sent again: ${outcomeOf(replayed)}.`
        : `The browser has no cookie to send any more: ${outcomeOf(replayed)}.`,
      requestId: replayed.requestId,
    },
    xss:
      tokenLength === undefined
        ? {
            answer: 'Calls, while the page is open',
            how: 'It can make the browser send the cookie, and cannot take it away.',
            requestId: bare.requestId,
          }
        : {
            answer: 'The token itself',
            how: 'It can send both tokens away, to be used from anywhere.',
            requestId: signIn.requestId,
          },
    csrf: isSentBare
      ? {
          answer: 'A call with the cookie, unless it is refused',
          how: `${sameSite ? `SameSite=${sameSite} and` : 'SameSite and'} the check of Origin have to stop it.`,
          requestId: signIn.requestId,
        }
      : {
          answer: 'Nothing',
          how: 'A foreign page has no token to put into the header.',
          requestId: bare.requestId,
        },
  };
}

/** Clocks are read in whole milliseconds on both sides, and nginx's stands still while it works. */
const slackMilliseconds = 3;

/**
 * The preflight of a call began between the call before and itself: the same path, page and browser, and it asks for GET
 * with headers that the call has. nginx may report it after the call is noted, so its place in the trace says nothing.
 */
function preflightCell(
  { bare, own }: FlowFacts,
  trace: readonly Exchange[] | undefined,
  apiUrl: string,
): Cell {
  if (new URL(apiUrl).origin === window.location.origin)
    return {
      answer: 'No',
      how: 'Page and API share an origin, so nothing needs permission.',
      requestId: own.requestId,
    };
  const find = (probed: Probed) => trace?.find(({ request_id }) => request_id === probed.requestId);
  const before = find(bare);
  const call = find(own);
  if (!trace || !before || !call)
    return {
      answer: '?',
      how: `Pages cannot see preflights, and ${absenceOf(trace)}.`,
      requestId: own.requestId,
    };
  const begin = timeOf(before) - slackMilliseconds;
  const end = timeOf(call) + slackMilliseconds;
  const preflight = trace.find(
    (each) =>
      each.preflight?.method === 'GET' &&
      each.preflight.headers.every((name) => call.headers.includes(name)) &&
      each.route === call.route &&
      each.origin === call.origin &&
      each.client === call.client &&
      timeOf(each) >= begin &&
      timeOf(each) <= end,
  );
  return preflight
    ? {
        answer: 'Yes',
        how: `First the browser asked whether it may send ${preflight.preflight?.headers.join(', ')}.`,
        requestId: preflight.request_id,
      }
    : {
        answer: 'No',
        how: 'The trace has the call and no preflight: no header needs permission.',
        requestId: own.requestId,
      };
}

function bytesCell(
  { carrier, own, tokenLength }: FlowFacts,
  trace: readonly Exchange[] | undefined,
  tracedBytes: number | undefined,
): Cell {
  const bytes = tracedBytes ?? tokenLength;
  if (bytes === undefined)
    return {
      answer: '?',
      how: `Script cannot read the cookie, and ${absenceOf(trace)}.`,
      requestId: own.requestId,
    };
  const name = carrier === 'bearer' ? 'Authorization: Bearer ' : 'Cookie: jwt=';
  return {
    answer: `${name.length + bytes} bytes`,
    how: `${name.trim()} and ${bytes} bytes of token.`,
    requestId: own.requestId,
  };
}

function elsewhereCell({ carrier, elsewhere }: FlowFacts): Cell {
  if (elsewhere === undefined) return { answer: '?', how: 'The API has no other name that this page knows.' };
  if (elsewhere === 'blocked')
    return {
      answer: '?',
      how: 'The page may not call another origin: its content security policy forbids it.',
    };
  const { requestId } = elsewhere;
  if (elsewhere.status !== 200)
    return {
      answer: 'No',
      how: `The cookie belongs to its host, so none was sent: ${outcomeOf(elsewhere)}.`,
      requestId,
    };
  return {
    answer: 'Yes',
    how:
      carrier === 'bearer'
        ? 'Script sent it there, and it was accepted.'
        : 'The browser sent the cookie there.',
    requestId,
  };
}

function timeOf({ at }: Exchange): number {
  return Date.parse(at);
}

function absenceOf(trace: readonly Exchange[] | undefined): string {
  return trace
    ? 'the call is not in the trace that was read: another process of the API may have answered it'
    : 'the API shows no trace here';
}

function outcomeOf({ status, code }: Probed): string {
  return code === undefined ? String(status) : `${status} ${code}`;
}

function listOf(names: readonly string[] | undefined): string | undefined {
  return names && names.length > 0 ? names.join(' and ') : undefined;
}
