import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { leaveOut } from '../leave-out.ts';
import { leftovers } from '../leftovers.ts';

/** Builds a library of this one file without the names, and imports it. */
async function builtWithout(names: readonly string[], code: string) {
  const entry = '/library.js';
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'library',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
      leaveOut({ from: 'library', files: /library\.js$/, names }),
    ],
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  });
  // One output for each format, because nothing watches the library.
  const text = (built as Rolldown.RolldownOutput[])[0]?.output[0].code ?? '';
  const made = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { text, made };
}

test('What is left out of a dependency throws, and what only it needed is gone', async () => {
  const { text, made } = await builtWithout(
    ['unused', 'Constant', 'Shown'],
    `function helper() { return 'only for the unused'; }
     export function unused() { return helper(); }
     export const Constant = () => helper();
     export function Shown() {}
     Shown.prototype.draw = function () { return 'a method'; };
     export function used() { return 'used'; }`,
  );
  expect(made.used()).toBe('used');
  const message = 'The build leaves this part of library out.';
  expect(made.unused).toThrow(message);
  expect(made.Constant).toThrow(message);
  expect(text).not.toMatch(/only for the unused|a method/);
});

test('The build fails if the dependency does not have what it is to leave out', async () => {
  await expect(builtWithout(['gone'], 'export const here = 1;')).rejects.toThrow(
    'library has no gone to leave out',
  );
});

test('The app uses nothing of React and of the router that the build leaves out', () => {
  const source = join(import.meta.dirname, '../src');
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n');
  const routerNames = leftovers.flatMap(({ from, names }) => (from === 'react-router' ? names : []));
  const imported = [...text.matchAll(/import \{([^}]*)\} from '(?:react|react-dom|react-router)'/g)].flatMap(
    ([, names = '']) => names.split(',').map((name) => name.trim()),
  );
  expect(imported).toContain('useState');
  expect(imported).toContain('NavLink');
  const left = ['Activity', 'SuspenseList', 'ViewTransition', 'hydrateRoot', 'preload', 'useActionState'];
  expect(imported.filter((name) => [...routerNames, ...left].includes(name))).toEqual([]);
});
