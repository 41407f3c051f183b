import { Menu } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Logo } from '../../ui/logo.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Toaster } from '../../ui/toaster.tsx';
import { pageOf, paths } from '../paths.ts';
import { Navigation } from './navigation.tsx';
import { SignedInUser } from './signed-in-user.tsx';

const Drawer = lazyPart(() => import('../../ui/drawer.tsx'), 'Drawer');

/** The frame of every signed-in page: a sidebar on wide screens, a drawer on narrow ones. */
export function SignedInLayout() {
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const main = useFocusAfterNavigation();
  return (
    <>
      <a
        href="#main"
        className="fixed top-3 left-3 z-50 -translate-y-20 rounded-lg bg-ink px-4 py-2 font-medium text-inverse focus-visible:translate-y-0"
      >
        Skip to content
      </a>
      <div className="mx-auto min-h-dvh max-w-[90rem] lg:grid lg:grid-cols-[16rem_minmax(0,1fr)]">
        <aside
          aria-label="Sidebar"
          className="sticky top-0 hidden h-dvh flex-col gap-8 overflow-y-auto border-line border-r p-4 pt-6 lg:flex"
        >
          <HomeLink />
          <div className="grow">
            <Navigation />
          </div>
          <SignedInUser />
        </aside>
        <div className="min-w-0">
          <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-line border-b bg-page/90 px-4 backdrop-blur lg:hidden">
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
          <main
            ref={main}
            id="main"
            tabIndex={-1}
            className="px-4 py-6 outline-none sm:px-8 sm:py-10 lg:px-12"
          >
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
      {isMenuOpen && (
        <Suspense>
          <Drawer onClose={() => setIsMenuOpen(false)} title="Menu">
            <div className="flex grow flex-col gap-8">
              <div className="pt-1 pl-1">
                <Logo />
              </div>
              <div className="grow">
                <Navigation onNavigate={() => setIsMenuOpen(false)} />
              </div>
              <SignedInUser />
            </div>
          </Drawer>
        </Suspense>
      )}
      <Toaster />
    </>
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
export function PageSkeleton() {
  return (
    <div role="status" className="min-h-dvh">
      <span className="sr-only">Loading the page</span>
      <Skeleton className="h-9 w-56 max-w-full" />
      <Skeleton className="mt-3 h-5 w-80 max-w-full" />
      <Skeleton className="mt-8 h-44 rounded-2xl" />
      <Skeleton className="mt-6 h-72 rounded-2xl" />
    </div>
  );
}

/**
 * The browser does not move the focus on a client-side navigation: keyboard
 * and screen reader would stay on the link.
 */
function useFocusAfterNavigation() {
  const main = useRef<HTMLElement>(null);
  const page = pageOf(useLocation().pathname);
  const shownPage = useRef(page);
  useEffect(() => {
    if (shownPage.current === page) return;
    shownPage.current = page;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [page]);
  return main;
}
