import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { sourceOf, viewerFileNames } from '../../apps/api/src/system/viewer-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = fileURLToPath(new URL('../dist/modules', import.meta.url));

/** Parsers of npm packages that read what strangers send, and so count like ours. */
const foreignParsers = /node_modules\/(cookie|cookie-parser|content-type|multer|busboy|@fastify\/busboy)\//;

/** Every target, by the name of its file. */
export const targetNames: readonly string[] = readdirSync(new URL('../targets', import.meta.url))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();

/**
 * Bundles a target with the code that it tests, with a counter at each statement and branch of that code.
 * Returns the path of the module.
 */
export async function bundle(name: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'fuzz/targets', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Native code, threads, and packages that find their own files.
    external: [
      'knex',
      'sqlite3',
      'pg',
      'piscina',
      'pino',
      '@node-rs/argon2',
      'prom-client',
      'swagger-ui-dist',
    ],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    plugins: [countStatements],
    logLevel: 'error',
  });
  return outfile;
}

/** Bundles the thread that runs a target: Node's threads do not read TypeScript. Returns its path. */
export async function bundleWorker(): Promise<string> {
  const outfile = join(folder, 'worker.mjs');
  await build({
    entryPoints: [join(root, 'fuzz/engine/worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}

/** The files that the API finds beside its modules. */
export function copyAssets(): void {
  const copy = (from: string, to: string) => {
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  };
  copy(join(root, 'apps/api/assets/ncs_logo.png'), join(folder, '../assets/ncs_logo.png'));
  for (const name of viewerFileNames) copy(sourceOf(name), join(folder, 'viewer', name));
}

const countStatements: Plugin = {
  name: 'count-statements',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const file = relative(root, path);
      const isOurs = /^(apps\/(api|web)|packages\/(contracts|doctor))\/src\//.test(file);
      if (!isOurs && !foreignParsers.test(file)) return undefined;
      const source = readFileSync(path, 'utf8');
      const loader = path.endsWith('.ts') ? 'ts' : 'js';
      const { code } = await transform(source, { loader, target: 'es2022' });
      const instrumenter = createInstrumenter({
        coverageVariable: '__fuzz__',
        esModules: isOurs,
        compact: true,
        coverageGlobalScopeFunc: false,
        coverageGlobalScope: 'globalThis',
      });
      return { contents: instrumenter.instrumentSync(code, path), loader: 'js' };
    });
  },
};
