import { Menu } from 'lucide-react';
import { Fragment, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useSessionState } from '../../session/auth-context.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Logo } from '../../ui/logo.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Toaster } from '../../ui/toaster.tsx';
import { useKey } from '../../ui/use-key.ts';
import { ErrorBoundary } from '../errors/error-page.tsx';
import { pageOf, paths } from '../paths.ts';
import { Navigation } from './navigation.tsx';
import { SignInLinks } from './sign-in-links.tsx';
import { useStrip } from './use-strip.ts';

const Drawer = lazyPart(() => import('../../ui/drawer.tsx'), 'Drawer');
const UserMenu = lazyPart(() => import('./user-menu.tsx'), 'UserMenu');
const UserPanel = lazyPart(() => import('./user-panel.tsx'), 'UserPanel');
const CallStrip = lazyPart(() => import('./call-strip.tsx'), 'CallStrip');
const ShortcutsDialog = lazyPart(() => import('./shortcuts-dialog.tsx'), 'ShortcutsDialog');
const ApiBanner = lazyPart(() => import('./api-banner.tsx'), 'ApiBanner');

/** Loads what the frame shows at once. */
export const loadFrame = async (isSignedIn: boolean): Promise<void> => {
  if (isSignedIn) await Promise.all([UserMenu.load(), ApiBanner.load()]);
};

/** The frame of every page, signed in or out: a sidebar on wide screens, a drawer on narrow ones. */
export function Frame() {
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [areKeysShown, setAreKeysShown] = useState(false);
  const showKeys = () => setAreKeysShown(true);
  useKey('?', showKeys);
  const isSignedIn = useSessionState().status === 'signed-in';
  const isStripShown = useStrip();
  const { pathname } = useLocation();
  const page = pageOf(pathname);
  useScrollToTop(page);
  return (
    <>
      <a
        href="#main"
        className="fixed top-3 left-3 z-50 -translate-y-20 rounded-lg bg-ink px-4 py-2 font-medium text-inverse focus-visible:translate-y-0 print:hidden"
      >
        Skip to content
      </a>
      <div className="min-h-dvh lg:grid lg:grid-cols-[16rem_minmax(0,1fr)] print:block">
        <aside
          aria-label="Sidebar"
          className="sticky top-0 hidden h-dvh flex-col gap-6 border-line border-r p-4 pt-6 lg:flex print:hidden"
        >
          <HomeLink />
          <div className="-mx-2 min-h-0 grow overflow-y-auto px-2 py-0.5">
            <Navigation />
          </div>
          <Foot>{isSignedIn ? <UserMenu onKeys={showKeys} /> : <SignInLinks onKeys={showKeys} />}</Foot>
        </aside>
        <div className="min-w-0">
          <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-line border-b bg-page/90 px-4 backdrop-blur lg:hidden print:hidden">
            <HomeLink />
            <button
              type="button"
              onClick={() => setIsMenuOpen(true)}
              aria-label="Open the menu"
              aria-haspopup="dialog"
              className="-mr-2 grid size-10 place-items-center rounded-lg hover:bg-ink/6"
            >
              <Menu aria-hidden className="size-5" />
            </button>
          </header>
          {isSignedIn && (
            <Suspense>
              <ApiBanner />
            </Suspense>
          )}
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto max-w-[78rem] px-4 py-6 outline-none sm:px-8 sm:py-10 lg:px-12 print:max-w-none print:p-0"
          >
            {/* Another page may work where this one does not. */}
            <ErrorBoundary place={page} shell={Fragment}>
              <Suspense fallback={<PageSkeleton />}>
                <Outlet />
              </Suspense>
            </ErrorBoundary>
          </main>
        </div>
      </div>
      {isMenuOpen && (
        <Suspense>
          <Drawer onClose={() => setIsMenuOpen(false)} title="Menu">
            <div className="flex grow flex-col gap-6">
              <div className="pt-1 pl-1">
                <Logo />
              </div>
              <div className="grow">
                <Navigation onNavigate={() => setIsMenuOpen(false)} />
              </div>
              <Foot>
                {isSignedIn ? (
                  <UserPanel onNavigate={() => setIsMenuOpen(false)} onKeys={showKeys} />
                ) : (
                  <SignInLinks onNavigate={() => setIsMenuOpen(false)} onKeys={showKeys} />
                )}
              </Foot>
            </div>
          </Drawer>
        </Suspense>
      )}
      {areKeysShown && (
        <Suspense>
          <ShortcutsDialog onClose={() => setAreKeysShown(false)} />
        </Suspense>
      )}
      {isStripShown && (
        <Suspense>
          <CallStrip />
        </Suspense>
      )}
      <Toaster />
    </>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <div className="min-h-16 border-line border-t pt-3">
      <Suspense>{children}</Suspense>
    </div>
  );
}

function HomeLink() {
  return (
    <Link to={paths.home} aria-label="Signet, overview" className="inline-flex w-fit rounded-md px-1 lg:px-3">
      <Logo />
    </Link>
  );
}

/** Fills the window while a page loads, so that nothing shifts when it appears. */
function PageSkeleton() {
  return (
    <div role="status" className="min-h-dvh">
      <span className="sr-only">Loading the page</span>
      <Skeleton className="h-9 w-56 max-w-full" />
      <Skeleton className="mt-3 h-5 w-80 max-w-full" />
      <Skeleton shape="card" className="mt-8 h-44" />
      <Skeleton shape="card" className="mt-6 h-72" />
    </div>
  );
}

/** A page starts at its top. The browser itself restores the place for Back and Forward. */
function useScrollToTop(page: string) {
  const shownPage = useRef(page);
  useEffect(() => {
    if (shownPage.current === page) return;
    shownPage.current = page;
    window.scrollTo(0, 0);
  }, [page]);
}
