import { lazy, type ReactNode } from 'react';
import { PartMissingError, reloadOnce } from '../browser/stale-build.ts';

/**
 * A component whose module is loaded when it is first rendered, or by `load` before. `name` is the module's export. If the
 * module cannot be loaded, see {@link loadPart}.
 */
export function lazyPart<Name extends string, Props>(
  load: () => Promise<{ readonly [Export in Name]: (props: Props) => ReactNode }>,
  name: Name,
) {
  const part = lazy(async () => ({ default: (await loadPart(load))[name] }));
  // Rendering asks again, and says what is wrong.
  return Object.assign(part, { load: () => void load().catch(() => undefined) });
}

/** Loads a part of the app. If that fails, the page is reloaded, once; else this throws a {@link PartMissingError}. */
export function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  return load().catch((cause: unknown) => {
    // The page is about to go: it keeps its look instead of showing an error for a moment.
    if (reloadOnce()) return new Promise<never>(() => undefined);
    throw new PartMissingError('A part of the app could not be loaded', { cause });
  });
}
