import { readFileSync } from 'node:fs';

/** The image of the demo posts. `assets` is beside this file's folder, in the source and in the build. */
export function readDemoImage(): Buffer {
  return readFileSync(new URL('../assets/ncs_logo.png', import.meta.url));
}
