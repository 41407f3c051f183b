import { pageModules, pageNameAt } from './page-modules.ts';
import { seemsSignedIn } from './session/seems-signed-in.ts';

void load();

/** Loads the app, and the page beside it, because a module that only the app asked for would come a round trip later. */
async function load(): Promise<void> {
  // The scripts keep a phone busy for a while, so the frame of index.html is painted before. A tab in the background
  // paints nothing.
  await Promise.race([firstPaint(), new Promise((resolve) => setTimeout(resolve, 200))]);
  const page = pageNameAt(
    window.location.pathname,
    seemsSignedIn(() => window.localStorage),
  );
  // What cannot be loaded is asked for again when it is drawn.
  pageModules[page]().catch(() => undefined);
  await import('./main.tsx');
}

function firstPaint(): Promise<void> {
  return new Promise((resolve) =>
    new PerformanceObserver(() => resolve()).observe({ type: 'paint', buffered: true }),
  );
}
