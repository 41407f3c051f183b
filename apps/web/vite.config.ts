import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// 127.0.0.1 answers to both `localhost` and `127.0.0.1`, and to nobody outside this machine.
const server = { host: '127.0.0.1', port: 4100, strictPort: true };

export default defineConfig({
  plugins: [react(), tailwindcss(), withoutJsonSchemaGenerator(), preloadFonts()],
  server,
  preview: server,
  build: {
    // A data: URI would need its own exception in the content security policy.
    assetsInlineLimit: 0,
    // The first that know light-dark(). Rewritten for older ones, a colour could not differ between parts of a page.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
  },
});

/** Text is drawn late, after script, configuration and page have come; asked for at once, the fonts are there before it. */
function preloadFonts(): Plugin {
  return {
    name: 'preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((file) => /\/(inter|jetbrains-mono)-latin-wght-normal-[^/]*\.woff2$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head',
          })),
    },
  };
}

/**
 * zod hangs the making of JSON Schemas onto each of its schemas, where no bundler can shake it off. Only the API makes
 * any (its OpenAPI document), so the browser is spared the code.
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
