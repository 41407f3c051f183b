import type { Exchange } from '@signet/contracts';
import type { Entry } from '../exchange-entries.ts';
import { type Asked, askedAndGranted } from './explain.ts';
import { shortMilliseconds } from './short-milliseconds.ts';

export type Lane = 'page' | 'browser' | 'nginx' | 'API' | 'database';

/** One line of the drawing, and one item of the list that says the same. */
export type Step = {
  readonly from: Lane;
  readonly to: Lane;
  readonly label: string;
  readonly detail?: string;
  readonly look: 'solid' | 'dotted' | 'refused';
  /** What was put on the request on its way, and by whom. */
  readonly carried?: readonly { readonly what: 'key' | 'cookie'; readonly text: string }[];
  /** What the preflight asked for, with the answer to each. */
  readonly asked?: readonly Asked[];
  /** The gate between the browser and script. */
  readonly gate?: 'open' | 'shut';
  /** Milliseconds since the first step, where it is known. */
  readonly at?: number;
};

/** The lanes that the call has, from left to right. */
export function lanesOf({ preflight, exchange }: Entry): readonly Lane[] {
  const hasNginx = (preflight?.answered_by ?? exchange?.answered_by) !== undefined;
  return ['page', 'browser', ...(hasNginx ? (['nginx'] as const) : []), 'API', 'database'];
}

/** What happened, in true order, as far as it is known. */
export function stepsOf(entry: Entry): readonly Step[] {
  const first = entry.call?.sentAt ?? timeOf(entry.preflight ?? entry.exchange, entry) ?? entry.at;
  const since = (exchange: Exchange) => Math.max(0, (timeOf(exchange, entry) ?? first) - first);
  return inOrder([
    ...beginning(entry),
    ...asking(entry, since),
    ...request(entry, since),
    ...answer(entry, since),
    ...ending(entry),
  ]);
}

/**
 * No step is later than what it leads to. By the times alone it could be: the two clocks differ by some milliseconds, and the
 * API measures until the last byte has left, which a page may have read before.
 */
function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    if (step.at === undefined) return step;
    return { ...step, at: Math.min(...steps.slice(index).flatMap(({ at }) => at ?? [])) };
  });
}

/** By this machine's clock. */
function timeOf(exchange: Exchange | undefined, { offset }: Entry): number | undefined {
  return exchange && Date.parse(exchange.at) - offset;
}

type Since = (exchange: Exchange) => number;

function beginning({ call }: Entry): Step[] {
  if (!call) return [];
  const headers = call.headers.length > 0 ? `, headers ${call.headers.join(', ')}` : '';
  return [
    {
      from: 'page',
      to: 'browser',
      label: `fetch ${call.method}`,
      detail: `credentials ${call.credentials}${headers}`,
      look: 'solid',
      at: 0,
    },
  ];
}

function asking({ preflight }: Entry, since: Since): Step[] {
  const asked = preflight?.preflight;
  if (!preflight || !asked) return [];
  const server = preflight.answered_by ?? 'API';
  const answers = askedAndGranted(preflight);
  const isGranted = answers.every(({ granted }) => granted);
  const at = since(preflight);
  return [
    {
      from: 'browser',
      to: server,
      label: 'May I?',
      detail: [asked.method, ...asked.headers].join(', '),
      look: 'dotted',
      at,
    },
    {
      from: server,
      to: 'browser',
      label: `${isGranted ? 'Granted' : 'Not granted'}, ${preflight.status}`,
      ...(isGranted && { detail: `for ${preflight.grant?.max_age ?? 5} s` }),
      asked: answers,
      look: isGranted ? 'dotted' : 'refused',
      at: at + preflight.durations.total,
    },
  ];
}

function request({ exchange, caller }: Entry, since: Since): Step[] {
  if (!exchange) return [];
  const isProgram = caller === 'a program';
  const { headers, cookies, method, route = 'an unknown path' } = exchange;
  const carried = [
    ...(headers.includes('authorization')
      ? [{ what: 'key', text: `authorization set by the ${isProgram ? 'program' : 'page'}` } as const]
      : []),
    ...cookies.map(
      (name) =>
        ({
          what: 'cookie',
          text: `cookie ${name} ${isProgram ? 'sent by the program' : 'added by the browser'}`,
        }) as const,
    ),
  ];
  return [
    {
      from: isProgram ? 'page' : 'browser',
      to: exchange.answered_by ?? 'API',
      label: `${method} ${route}`,
      ...(carried.length > 0 && { carried }),
      look: 'solid',
      at: since(exchange),
    },
  ];
}

function answer({ exchange, caller }: Entry, since: Since): Step[] {
  if (!exchange) return [];
  const { decisions, durations, problem, set_cookies, status } = exchange;
  const { database, total } = durations;
  const refusal = decisions.find(({ outcome }) => outcome !== 'granted');
  return [
    ...decisions.map(
      ({ step, outcome }): Step => ({
        from: 'API',
        to: 'API',
        label: `${step}: ${outcome}`,
        ...(step === refusal?.step && problem?.rule && { detail: `rule ${problem.rule}` }),
        look: outcome === 'granted' ? 'solid' : 'refused',
      }),
    ),
    ...(database
      ? [
          {
            from: 'API',
            to: 'database',
            label: 'Questions',
            detail: `${shortMilliseconds(database)} in all`,
            look: 'solid',
          } as const,
        ]
      : []),
    {
      from: exchange.answered_by ?? 'API',
      to: caller === 'a program' ? 'page' : 'browser',
      label: `${status}`,
      detail: [
        `after ${shortMilliseconds(total)}`,
        ...set_cookies.map(({ name, max_age }) => `${max_age === 0 ? 'removes' : 'sets'} the cookie ${name}`),
      ].join(', '),
      look: status < 400 ? 'solid' : 'refused',
      at: since(exchange) + total,
    },
  ];
}

function ending({ call }: Entry): Step[] {
  const outcome = call?.outcome;
  if (!outcome) return [];
  const isShut = outcome.error !== undefined || outcome.status === 0;
  return [
    {
      from: 'browser',
      to: 'page',
      label: isShut ? `Shut: ${outcome.error ?? 'opaque'}` : `Open: ${outcome.status}`,
      detail: isShut
        ? 'script sees no answer'
        : `script sees ${(outcome.headers ?? []).join(', ') || 'no header'}`,
      look: isShut ? 'refused' : 'solid',
      gate: isShut ? 'shut' : 'open',
      at: outcome.milliseconds,
    },
  ];
}
