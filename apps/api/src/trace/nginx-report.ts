import { Exchange, type RefusalRule } from '@signet/contracts';
import { z } from 'zod';
import { askedHeaders, methodIn, namesInList, oneOf, originIn } from './facts.ts';
import { routeOf } from './route.ts';

/** What nginx writes by `log_format exchange` in nginx.conf.template. A variable without a value is `''`. */
const Report = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  /** Seconds since 1970, by the clock of the machine that API and nginx share. */
  ended: z.string().regex(/^\d{1,10}\.\d{3}$/),
  seconds: z.string().regex(/^\d{1,6}\.\d{3}$/),
  method: z.string(),
  path: z.string(),
  status: z.string().regex(/^\d{3}$/),
  problem: z.string(),
  origin: z.string(),
  site: z.string(),
  mode: z.string(),
  agent: z.string(),
  asked_method: z.string(),
  asked_headers: z.string(),
  headers: z.string(),
  cookies: z.string(),
  body_bytes: z.string(),
  granted_origin: z.string(),
  granted_credentials: z.string(),
  granted_methods: z.string(),
  granted_headers: z.string(),
  exposed_headers: z.string(),
  max_age: z.string(),
  vary: z.string(),
});
type Report = z.infer<typeof Report>;

const DraftExchange = Exchange.omit({ id: true });
type DraftExchange = z.infer<typeof DraftExchange>;

/**
 * The exchange that a datagram of nginx reports (RFC 3164: a priority, a time and a tag stand before the
 * text); undefined for anything else. Any program that reaches the port can send one, so all of it becomes
 * names, numbers and words of closed lists, as with a request.
 *
 * nginx's own time dates the exchange, because a datagram can wait while the API is busy, and a preflight must
 * not seem to be later than its request. A time after `now`, in milliseconds since 1970, counts as now.
 */
export function readReport(
  datagram: string,
  { now, nameClient }: { now: number; nameClient: (agent: string) => string },
): DraftExchange | undefined {
  const [, text] = /^<\d{1,3}>[\w: ]{1,40}signet: (\{.*\})$/s.exec(datagram) ?? [];
  const report = Report.safeParse(parseJson(text ?? ''));
  // The stream of exchanges ends at one that breaks its schema.
  return report.success
    ? DraftExchange.safeParse(toExchange(report.data, { now, nameClient })).data
    : undefined;
}

function toExchange(
  report: Report,
  { now, nameClient }: { now: number; nameClient: (agent: string) => string },
): DraftExchange | object {
  const { origin, agent, asked_method, problem } = report;
  const site = oneOf(['same-origin', 'same-site', 'cross-site', 'none'], report.site || undefined);
  const modes = ['cors', 'no-cors', 'same-origin', 'navigate', 'websocket'] as const;
  const mode = oneOf(modes, report.mode || undefined);
  const isPreflight = report.method === 'OPTIONS' && asked_method !== '' && origin !== '';
  const route = routeOf(report.path);
  const rule = ruleOf(report, isPreflight);
  const total = Number(report.seconds) * 1000;
  return {
    request_id: report.id,
    at: new Date(Math.min(now, Number(report.ended) * 1000) - total).toISOString(),
    answered_by: 'nginx',
    method: methodIn(report.method),
    ...(route !== undefined && { route }),
    status: Number(report.status),
    ...(origin && { origin: originIn(origin) }),
    ...(site && { fetch_site: site }),
    ...(mode && { fetch_mode: mode }),
    ...(agent && { client: nameClient(agent) }),
    ...(isPreflight && {
      preflight: { method: methodIn(asked_method), headers: askedHeaders(report.asked_headers) },
    }),
    headers: [
      ...(origin ? ['origin'] : []),
      ...(asked_method ? ['access-control-request-method'] : []),
      ...(report.asked_headers ? ['access-control-request-headers'] : []),
      ...namesInList(report.headers),
    ],
    cookies: namesInList(report.cookies),
    query: [],
    ...(/^\d{1,15}$/.test(report.body_bytes) && { body_bytes: Number(report.body_bytes) }),
    decisions: [],
    ...(problem && { problem: { code: problem, ...(rule && { rule }) } }),
    ...(report.granted_origin && { grant: grantOf(report) }),
    vary: namesInList(report.vary),
    set_cookies: [],
    durations: { total },
  };
}

/** nginx refuses by two rules of the closed list; its other errors are no judgement of the caller. */
function ruleOf({ problem }: Report, isPreflight: boolean): RefusalRule | undefined {
  if (problem === 'host_unknown') return 'host-name';
  return problem === 'origin_refused' && isPreflight ? 'preflight-origin' : undefined;
}

function grantOf(report: Report): object {
  const list = (name: string, value: string) => (value ? { [name]: namesInList(value) } : {});
  return {
    origin: report.granted_origin,
    credentials: report.granted_credentials === 'true',
    ...list('methods', report.granted_methods),
    ...list('headers', report.granted_headers),
    ...list('exposed_headers', report.exposed_headers),
    ...(report.max_age && { max_age: Number(report.max_age) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
