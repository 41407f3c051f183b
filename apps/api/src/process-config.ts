import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from './config/config.ts';

/** The configuration of this process, for the API and the command line alike. Throws `ConfigError`. */
export function readProcessConfig(): Config {
  return readConfig(process.env, {
    readFile: (path) => readFileSync(path),
    // Beside the folder of this file, in the source and in the build, so that both use the same data.
    defaultDataDir: fileURLToPath(new URL('../data', import.meta.url)),
  });
}
