import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** What the browser's bundle does not need, and no bundler can leave out, because the rest refers to it. */
export const withoutUnused: readonly Plugin[] = [
  withoutJsonSchemaGenerator(),
  withoutServerSide(),
  withoutStringFormats(),
  withoutCompiledParsers(),
  withoutCyclicValues(),
  withoutRouterWarnings(),
];

/**
 * Leaves zod's JSON Schema generator out of the browser's bundle. Each schema refers to it, so no bundler removes it,
 * but only the API uses it, for its OpenAPI document.
 */
function withoutJsonSchemaGenerator(): Plugin {
  return {
    name: 'without-json-schema-generator',
    apply: 'build',
    transform(code, id) {
      if (!/\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/.test(id)) return undefined;
      const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
      const absent = "const absent = () => { throw new Error('zod makes no JSON Schemas in the browser'); };";
      return {
        code: `${absent}\n${names.map((name) => `export { absent as ${name} };`).join('\n')}`,
        map: null,
      };
    },
  };
}

/**
 * Leaves out of the browser's bundle what the table of endpoints says for the API and its documentation only: summaries,
 * tags, the codes of errors, and the schemas of events and requests. A form or a reader of events imports
 * the schema that it checks by itself.
 */
function withoutServerSide(): Plugin {
  return {
    name: 'without-server-side',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!/contracts\/src\/endpoints\.ts$/.test(id)) return undefined;
      const text = /^ {4}(?:summary|tag):\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),\n/gm;
      const list = /^ {4}errors: \[[^\]]*\],\n/gm;
      // Of the trace and of the assay of cookies alone, whose readers bring their schemas along.
      const event = / event: Exchange,| schema: CookieAssay(?= \})/g;
      const schema =
        /^ {4}(?:body|query|params): (?:\w+|\w+\.optional\(\)|z\.strictObject\(\{[^}\n]*\}\)),\n/gm;
      return {
        code: [text, list, schema, event].reduce((rest, each) => rest.replaceAll(each, ''), code),
        map: null,
      };
    },
  };
}

/**
 * Leaves zod's string formats, such as `z.string().email()`, out of the browser's bundle. Every string schema refers to
 * all of them, so no bundler removes them, and the contract uses none; one that it comes to use throws in the browser.
 */
function withoutStringFormats(): Plugin {
  const method = /^ {4}(\w+)\(params\) \{\s+return this\.check\(core\._\w+\(Zod\w+, params\)\);\s+\},$/gm;
  return {
    name: 'without-string-formats',
    apply: 'build',
    transform(code, id) {
      if (!/\/zod\/v4\/classic\/schemas\.js$/.test(id)) return undefined;
      const absent = "const absent = () => { throw new Error('this format is not in the browser'); };";
      return { code: `${code.replaceAll(method, '    $1: absent,')}\n${absent}`, map: null };
    },
  };
}

/**
 * Leaves out of the browser's bundle how zod compiles parsers, which src/browser/zod-without-eval.ts switches off.
 */
function withoutCompiledParsers(): Plugin {
  return {
    name: 'without-compiled-parsers',
    apply: 'build',
    transform(code, id) {
      if (!/\/zod\/v4\/core\/schemas\.js$/.test(id)) return undefined;
      return {
        code: code.replace('const jit = !core.globalConfig.jitless;', 'const jit = false;'),
        map: null,
      };
    },
  };
}

/**
 * Leaves out of the browser's bundle how zod parses values that contain themselves, which zod/mini does not have unless
 * asked: what the app parses was JSON or the fields of a form, and neither contains itself.
 */
function withoutCyclicValues(): Plugin {
  return {
    name: 'without-cyclic-values',
    apply: 'build',
    transform(_, id) {
      if (!/\/zod\/v4\/core\/memoizer\.js$/.test(id)) return undefined;
      return {
        code: `export class $ZodCyclicError extends Error {}
          export const isRecursiveSchema = () => false;
          export const isBackEdge = () => false;
          export const memoizer = () => undefined;`,
        map: null,
      };
    },
  };
}

/**
 * Builds with react-router's production files. Its `exports` name only the development ones, which differ by warnings
 * that no visitor reads.
 */
function withoutRouterWarnings(): Plugin {
  const router = dirname(createRequire(import.meta.url).resolve('react-router/package.json'));
  return {
    name: 'without-router-warnings',
    apply: 'build',
    config: () => ({
      resolve: {
        alias: [{ find: /^react-router$/, replacement: join(router, 'dist/production/index.mjs') }],
      },
    }),
  };
}
