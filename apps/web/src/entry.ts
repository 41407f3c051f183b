import { loadUserMenu, pageModules, pageNameAt } from './page-modules.ts';
import { seemsSignedIn } from './session/seems-signed-in.ts';

void load();

/**
 * Loads the app, and beside it the page and what its frame shows of the user, because a module that only the app asked for
 * would come a round trip later.
 */
async function load(): Promise<void> {
  // The scripts keep a phone busy for a while, so the frame of index.html is painted before. A tab in the background
  // paints nothing.
  await Promise.race([firstPaint(), new Promise((resolve) => setTimeout(resolve, 200))]);
  const isSignedIn = seemsSignedIn(() => window.localStorage);
  const page = pageNameAt(window.location.pathname, isSignedIn);
  // What cannot be loaded is asked for again when it is drawn.
  pageModules[page]().catch(() => undefined);
  if (isSignedIn) loadUserMenu().catch(() => undefined);
  const { start } = await import('./main.tsx');
  start(page, isSignedIn);
}

function firstPaint(): Promise<void> {
  return new Promise((resolve) =>
    new PerformanceObserver(() => resolve()).observe({ type: 'paint', buffered: true }),
  );
}
