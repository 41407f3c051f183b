import { lazy, type ReactNode } from 'react';

/** A component whose module is loaded when it is first rendered. `name` is the module's export. */
export function lazyPart<Name extends string, Props>(
  load: () => Promise<{ readonly [Export in Name]: (props: Props) => ReactNode }>,
  name: Name,
) {
  return lazy(async () => ({ default: (await load())[name] }));
}
