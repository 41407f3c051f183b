import { endpoints } from '@signet/contracts';
import { ArrowLeftRight } from 'lucide-react';
import { Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { originOf } from '../../browser/page-address.ts';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/skeleton.tsx';
import { useKey } from '../../ui/use-key.ts';
import { useAddressText } from '../address-params.ts';
import { isFailed, statusOf, titleOf } from '../entry-status.tsx';
import { type Entry, joinHalves } from '../exchange-entries.ts';
import { paths } from '../paths.ts';
import { CallList } from './call-list.tsx';
import { type HalfStatus, useApiHalf } from './use-api-half.ts';

// Loaded after the list, because drawing and reasons are most of the page's script.
const CallDetail = lazyPart(() => import('./call-detail.tsx'), 'CallDetail');
const ForgottenCall = lazyPart(() => import('./forgotten-call.tsx'), 'ForgottenCall');
const ReadingGuide = lazyPart(() => import('./reading-guide.tsx'), 'ReadingGuide');
const Comparison = lazyPart(() => import('./comparison.tsx'), 'Comparison');

const filters: Record<string, (entry: Entry) => boolean> = {
  All: () => true,
  'This tab': ({ caller }) => caller === 'this tab',
  Failed: isFailed,
  Preflighted: ({ preflight }) => preflight !== undefined,
};

/** Every call of this browser, and of every other caller of an API on this machine, from both sides. */
export function ExchangesPage() {
  const { callLog } = useAuth();
  const { id } = useParams();
  const { entries, status, isPaused, setIsPaused, clear } = useEntries();
  const [filter, setFilter] = useState('All');
  const { text: path, setText: setPath } = useAddressText('path');
  const { search: narrowedTo } = useLocation();
  const [marked, setMarked] = useState<string>();
  const search = useRef<HTMLInputElement>(null);
  useKey('/', () => search.current?.focus());
  useKey('p', () => setIsPaused(!isPaused));
  const shown = entries.filter((entry) => filters[filter]?.(entry) && titleOf(entry).includes(path));
  const showAll = () => {
    setFilter('All');
    setPath('');
  };
  // The newest only after the reader has made a call here, because the drawing is most of the page's script.
  const [follows, setFollows] = useState(false);
  const newest = follows ? shown.at(-1) : undefined;
  const chosen = id === undefined ? newest : entries.find((entry) => hasId(entry, id));
  const other = entries.find((entry) => marked !== undefined && hasId(entry, marked));
  // On a narrow window the call takes the place of the list, wherever the list was scrolled to.
  useEffect(() => {
    if (id !== undefined) window.scrollTo(0, 0);
  }, [id]);
  const showsCall = id !== undefined;
  useEffect(() => {
    if (showsCall) void CallDetail.load();
  }, [showsCall]);

  return (
    <Page
      title={id !== undefined && chosen ? `${titleOf(chosen)}, ${statusOf(chosen)}` : 'Exchange log'}
      description="Every call between this browser and the API, from both sides. Names and facts, never a value."
      actions={<MakeACall onMake={() => setFollows(true)} />}
    >
      <div className="grid min-w-0 items-start gap-5 lg:grid-cols-[21rem_minmax(0,1fr)]">
        <div className={classNames('min-w-0', id !== undefined && 'hidden lg:block')}>
          <Panel title="Calls" description={statusTexts[status]}>
            <div className="grid grid-cols-1 gap-3">
              <div className="flex flex-wrap gap-2">
                <fieldset className="grid w-full grid-cols-2 gap-1.5 sm:grid-cols-4 lg:grid-cols-2">
                  <legend className="sr-only">Which calls are shown</legend>
                  {Object.keys(filters).map((each) => (
                    <Button
                      key={each}
                      size="small"
                      look={each === filter ? 'primary' : 'secondary'}
                      aria-pressed={each === filter}
                      onClick={() => setFilter(each)}
                    >
                      {each}
                    </Button>
                  ))}
                </fieldset>
                <input
                  ref={search}
                  type="search"
                  aria-keyshortcuts="/"
                  value={path}
                  onChange={(event) => setPath(event.target.value)}
                  aria-label="Method or path contains"
                  placeholder="Method or path"
                  className="h-9 min-w-0 grow basis-32 rounded-lg border border-edge bg-surface px-3 text-sm"
                />
              </div>
              <div className="flex flex-wrap gap-2">
                <Button
                  size="small"
                  aria-pressed={isPaused}
                  aria-keyshortcuts="p"
                  onClick={() => setIsPaused(!isPaused)}
                >
                  {isPaused ? 'Go on' : 'Pause'}
                </Button>
                <Button
                  size="small"
                  onClick={() => {
                    callLog.clear();
                    clear();
                  }}
                >
                  Clear
                </Button>
                <Button
                  size="small"
                  disabled={entries.length === 0}
                  onClick={async () => (await import('./save-file.ts')).saveFile(entries)}
                >
                  Download
                </Button>
              </div>
              {status === 'connecting' ? (
                // Not yet the page's half, because the rows of the API's would push its rows away.
                <Loading label="Loading the calls" />
              ) : shown.length > 0 ? (
                <CallList entries={shown} selected={chosen} />
              ) : entries.length > 0 ? (
                <EmptyState
                  icon={ArrowLeftRight}
                  title="No call matches"
                  action={<Button onClick={showAll}>Show all calls</Button>}
                />
              ) : (
                <EmptyState icon={ArrowLeftRight} title="No call yet">
                  Use the app, make a call above, or run curl against the API.
                </EmptyState>
              )}
            </div>
          </Panel>
        </div>
        <div className="grid min-w-0 gap-5">
          {id !== undefined && (
            <Link
              to={{ pathname: paths.exchanges, search: narrowedTo }}
              className="w-fit text-sm underline underline-offset-4 lg:hidden"
            >
              Back to the list
            </Link>
          )}
          <Suspense>
            {id !== undefined &&
              !chosen &&
              (status === 'connecting' ? (
                <Loading label="Loading the call" />
              ) : (
                <ForgottenCall status={status} />
              ))}
            {chosen && (
              <div className={classNames('min-w-0', id === undefined && 'hidden lg:block')}>
                <CallDetail
                  entry={chosen}
                  entries={entries}
                  hasTrace={status === 'live' || status === 'polling'}
                  actions={
                    <Button size="small" onClick={() => setMarked(chosen.id)}>
                      Compare with…
                    </Button>
                  }
                />
              </div>
            )}
            {other && chosen && (
              <Comparison first={other} second={chosen} onClose={() => setMarked(undefined)} />
            )}
          </Suspense>
          {id === undefined && !chosen && (
            <div className="hidden lg:block">
              <Suspense>
                <ReadingGuide />
              </Suspense>
            </div>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Both halves joined; while it is paused, as they were. */
function useEntries() {
  const { callLog } = useAuth();
  const calls = useSyncExternalStore(callLog.subscribe, callLog.calls);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each call is looked at when it is shown
  useEffect(() => callLog.look(), [callLog, calls]);
  const { exchanges, status, clear } = useApiHalf();
  const [frozen, setFrozen] = useState<readonly Entry[]>();
  const live = useMemo(
    () => joinHalves({ calls, exchanges, pageOrigin: originOf(window.location) }),
    [calls, exchanges],
  );
  return {
    entries: frozen ?? live,
    status,
    isPaused: frozen !== undefined,
    setIsPaused: (isPaused: boolean) => setFrozen(isPaused ? live : undefined),
    clear: () => {
      setFrozen(undefined);
      clear();
    },
  };
}

function hasId({ id, call }: Entry, wanted: string): boolean {
  return id === wanted || call?.id === wanted;
}

const statusTexts: Record<HalfStatus, string> = {
  connecting: 'Asking the API for its half.',
  live: 'Live, from the page and from the API.',
  polling:
    'From the page and from the API, which is asked every two seconds: its stream does not come through.',
  absent: 'The half of the page only. An API keeps its half only on your own machine.',
  away: 'The half of the page only: this page cannot read the log of the API at the moment.',
};

/** Calls to look at, for a log that is still empty. */
function MakeACall({ onMake }: { onMake: () => void }) {
  const { call, callAs } = useAuth();
  const calls = {
    'GET /protected': call,
    'A preflight': callAs('no.valid.token'),
    'A refusal': callAs(null),
  };
  return (
    <div className="flex flex-wrap gap-2">
      {Object.entries(calls).map(([name, send]) => (
        <Button
          key={name}
          size="small"
          onClick={() => {
            onMake();
            void send(endpoints.readProtected).catch(() => undefined);
          }}
        >
          {name}
        </Button>
      ))}
    </div>
  );
}
