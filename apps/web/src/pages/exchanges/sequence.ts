import type { Entry } from './entries.ts';
import { askedAndGranted } from './explain.ts';
import { shortMilliseconds } from './readings.ts';

export type Lane = 'page' | 'browser' | 'nginx' | 'API' | 'database';

/** One line of the drawing, and one item of the list that says the same. */
export type Step = {
  readonly from: Lane;
  readonly to: Lane;
  readonly label: string;
  readonly detail?: string;
  readonly look: 'solid' | 'dotted' | 'refused';
};

/** The lanes that the call has, from left to right. */
export function lanesOf({ preflight, exchange }: Entry): readonly Lane[] {
  const hasNginx = (preflight?.answered_by ?? exchange?.answered_by) !== undefined;
  return ['page', 'browser', ...(hasNginx ? (['nginx'] as const) : []), 'API', 'database'];
}

/** What happened, in true order, as far as it is known. */
export function stepsOf(entry: Entry): readonly Step[] {
  return [...beginning(entry), ...asking(entry), ...request(entry), ...ending(entry)];
}

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
    },
  ];
}

function asking({ preflight }: Entry): Step[] {
  const asked = preflight?.preflight;
  if (!preflight || !asked) return [];
  const server = preflight.answered_by ?? 'API';
  const refused = askedAndGranted(preflight).filter(({ granted }) => !granted);
  return [
    {
      from: 'browser',
      to: server,
      label: 'May I?',
      detail: [asked.method, ...asked.headers].join(', '),
      look: 'dotted',
    },
    {
      from: server,
      to: 'browser',
      label: refused.length === 0 ? `Granted, ${preflight.status}` : `Not granted, ${preflight.status}`,
      detail:
        refused.length === 0
          ? `for ${preflight.grant?.max_age ?? 5} s`
          : refused.map(({ what }) => what).join(', '),
      look: refused.length === 0 ? 'dotted' : 'refused',
    },
  ];
}

function request({ call, exchange, caller }: Entry): Step[] {
  if (!exchange) return [];
  const server = exchange.answered_by ?? 'API';
  const from = caller === 'a program' ? 'page' : 'browser';
  const cookies = exchange.cookies.map((name) => `cookie ${name} added by the browser`);
  const key = exchange.headers.includes('authorization') ? ['authorization set by the page'] : [];
  const { database } = exchange.durations;
  const refusal = exchange.decisions.find(({ outcome }) => outcome !== 'granted');
  return [
    {
      from,
      to: server,
      label: `${exchange.method} ${exchange.route ?? 'an unknown path'}`,
      ...((cookies.length > 0 || key.length > 0) && {
        detail: (call || caller !== 'a program' ? [...key, ...cookies] : exchange.cookies).join(', '),
      }),
      look: 'solid',
    },
    ...exchange.decisions.map(
      ({ step, outcome }): Step => ({
        from: 'API',
        to: 'API',
        label: `${step}: ${outcome}`,
        ...(step === refusal?.step && exchange.problem?.rule && { detail: `rule ${exchange.problem.rule}` }),
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
      from: server,
      to: from,
      label: `${exchange.status}`,
      detail: [
        `after ${shortMilliseconds(exchange.durations.total)}`,
        ...exchange.set_cookies.map(
          ({ name, max_age }) => `${max_age === 0 ? 'removes' : 'sets'} the cookie ${name}`,
        ),
      ].join(', '),
      look: exchange.status < 400 ? 'solid' : 'refused',
    },
  ];
}

function ending({ call }: Entry): Step[] {
  const outcome = call?.outcome;
  if (!outcome) return [];
  const isShut = outcome.error !== undefined;
  return [
    {
      from: 'browser',
      to: 'page',
      label: isShut ? `Shut: ${outcome.error}` : `Open: ${outcome.status}`,
      detail: isShut
        ? 'script sees no answer'
        : `script sees ${(outcome.headers ?? []).join(', ') || 'no header'}`,
      look: isShut ? 'refused' : 'solid',
    },
  ];
}
