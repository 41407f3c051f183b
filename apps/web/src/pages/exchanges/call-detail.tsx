import type { Exchange } from '@signet/contracts';
import { type ReactNode, useMemo, useRef } from 'react';
import { Link } from 'react-router';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useKey } from '../../ui/use-key.ts';
import { statusOf, titleOf } from '../entry-status.tsx';
import type { Entry } from '../exchange-entries.ts';
import { paths } from '../paths.ts';
import { toCurl, toFetch } from './as-text.ts';
import { askedAndGranted, cookieSentence, endSentence, preflightSentence } from './explain.ts';
import { Sequence } from './sequence-drawing.tsx';
import { shortMilliseconds } from './short-milliseconds.ts';
import { browserCapSeconds, whyPreflight } from './why-preflight.ts';

type CallDetailProps = {
  entry: Entry;
  /** All calls, because an earlier preflight may be remembered. */
  entries: readonly Entry[];
  hasTrace: boolean;
  actions?: ReactNode;
};

/** One call: its drawing, why it went as it did, and what each side saw of it. */
export function CallDetail({ entry, entries, hasTrace, actions }: CallDetailProps) {
  const { apiUrl } = useAuth();
  const verdict = useMemo(
    () =>
      whyPreflight(entry, {
        entries,
        hasTrace,
        pageOrigin: originOf(window.location),
        browserCapSeconds: browserCapSeconds(navigator.userAgent),
      }),
    [entry, entries, hasTrace],
  );
  const { call, exchange, preflight, matchedBy, candidates } = entry;
  const hasReplicas = useMemo(
    () => new Set(entries.flatMap((each) => (each.exchange ? [processOf(each.exchange)] : []))).size > 1,
    [entries],
  );
  const copying = useRef<HTMLDivElement>(null);
  useKey('c', () => copying.current?.querySelector('button')?.click());
  return (
    <Panel title={`${titleOf(entry)}, ${statusOf(entry)}`} description={halves(entry)} actions={actions}>
      <div className="grid gap-5">
        <Sequence entry={entry} />
        <ul
          aria-label="Why"
          className="grid gap-1.5 rounded-xl border border-line bg-sunken px-4 py-3 text-sm [overflow-wrap:anywhere]"
        >
          <li>{preflightSentence(verdict)}</li>
          <li>{cookieSentence(entry)}</li>
          <li>{endSentence(entry)}</li>
          {verdict.contradicts && (
            <li className="font-medium text-warning">
              {verdict.contradicts} A service worker, an extension or another browser can be the reason.
            </li>
          )}
          {matchedBy === 'time' && (
            <li className="text-muted">
              {candidates === 1
                ? 'Matched by its time, because the page could not read the id of the answer.'
                : `Matched by its time: ${candidates} exchanges fit, and the first is shown.`}
            </li>
          )}
        </ul>
        <div className="grid items-start gap-5 2xl:grid-cols-2">
          {preflight && (
            <Facts title="Asked and granted">
              {askedAndGranted(preflight).map(({ what, granted }) => (
                <Fact key={what} name={what} value={granted ? 'granted' : 'not granted'} />
              ))}
            </Facts>
          )}
          <Facts title="The page">
            {call ? (
              <>
                <Fact name="credentials" value={call.credentials} />
                <Fact name="headers set" value={list(call.headers)} />
                {call.outcome && <Fact name="took" value={shortMilliseconds(call.outcome.milliseconds)} />}
                {call.outcome?.headers && <Fact name="headers seen" value={list(call.outcome.headers)} />}
              </>
            ) : (
              <Fact name="seen" value="nothing: it did not send this, or has been reloaded" />
            )}
          </Facts>
          <Facts title="The API">
            {exchange ? (
              <>
                <Fact name="headers" value={list(exchange.headers)} />
                <Fact name="cookies" value={list(exchange.cookies)} />
                {exchange.set_cookies.map((cookie) => (
                  <Fact
                    key={cookie.name}
                    name={`sets ${cookie.name}`}
                    value={[
                      cookie.max_age === 0 ? 'removed' : undefined,
                      cookie.http_only && 'HttpOnly',
                      cookie.secure && 'Secure',
                      cookie.same_site && `SameSite=${cookie.same_site}`,
                      cookie.path && `Path=${cookie.path}`,
                      cookie.partitioned && 'Partitioned',
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  />
                ))}
                {hasReplicas && <Fact name="process" value={processOf(exchange)} />}
                {Object.entries(exchange.durations).map(([name, value]) => (
                  <Fact key={name} name={name} value={shortMilliseconds(value ?? 0)} />
                ))}
              </>
            ) : (
              <Fact name="seen" value={preflight ? 'the preflight alone' : whyUnseen(entry)} />
            )}
          </Facts>
        </div>
        <div ref={copying} className="flex flex-wrap items-center gap-2">
          <CopyButton text={toCurl(entry, { apiUrl })} label="Copy as curl, without values" name="curl" />
          <CopyButton text={toFetch(entry, { apiUrl })} label="Copy as fetch, without values" name="fetch" />
          {exchange?.token && (
            <Link
              to={`${paths.inspector}?exchange=${encodeURIComponent(exchange.request_id)}`}
              className="text-sm underline underline-offset-4"
            >
              Inspect the token
            </Link>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** The first half of an exchange's id names the process of the API that answered. */
function processOf({ id }: Exchange): string {
  return id.split('.')[0] ?? '';
}

function whyUnseen({ call }: Entry): string {
  return call?.outcome?.requestId === undefined
    ? 'not in the log of the API'
    : 'not in the log of this process of the API: another one answered, or the log no longer has it';
}

function halves({ call, exchange, preflight, caller }: Entry): string {
  if (call && (exchange || preflight)) return 'Seen by the page and by the API.';
  if (call) return 'Seen by the page alone.';
  return `Seen by the API alone. Sent by ${caller}.`;
}

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      <dl className="grid gap-x-4 gap-y-0.5 text-sm sm:grid-cols-[10rem_minmax(0,1fr)]">{children}</dl>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{value}</dd>
    </>
  );
}

function list(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
