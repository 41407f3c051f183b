import { type ComponentType, createElement, lazy, type ReactNode } from 'react';
import { PartMissingError, reloadOnce } from '../browser/stale-build.ts';

/**
 * A component whose module is loaded when it is first rendered, or by `load` before. `name` is the module's export. If the
 * module cannot be loaded, see {@link loadPart}.
 *
 * Once the module is there it is drawn at once. React's own `lazy` would suspend once more, and whatever has shown its
 * fallback is held back until 300 ms after.
 */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<{ readonly [Export in Name]: (props: Props) => ReactNode }>,
  name: Name,
) {
  let loaded: ComponentType<Props> | undefined;
  const Loading = lazy(async () => {
    loaded = (await loadPart(load))[name];
    return { default: loaded };
  });
  const Part = (props: Props) => createElement<Props>(loaded ?? Loading, props);

  return Object.assign(Part, {
    /** Resolves when the part can be drawn at once, or cannot be loaded: drawing it says what is wrong then. */
    load: async () => {
      const module = await load().catch(() => undefined);
      if (module) loaded = module[name];
    },
  });
}

/** Loads a part of the app. If that fails, the page is reloaded, once; else this throws a {@link PartMissingError}. */
export function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  return load().catch((cause: unknown) => {
    // The page is about to go: it keeps its look instead of showing an error for a moment.
    if (reloadOnce()) return new Promise<never>(() => undefined);
    throw new PartMissingError('A part of the app could not be loaded', { cause });
  });
}
