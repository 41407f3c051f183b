import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { type Connect, defineConfig, type Plugin } from 'vite';
// By its path, because vite leaves imports by name to Node, and Node 20 loads no TypeScript.
import { pageHeaders } from '../../packages/contracts/src/policy/page-headers.ts';
import { labDoor } from './lab-door.ts';
import { leaveOut } from './leave-out.ts';
import { leftovers } from './leftovers.ts';
import { sideDoor } from './side-door.ts';
import { withoutUnused } from './without-unused.ts';

// On 127.0.0.1 both `localhost` and `127.0.0.1` reach the server, and other machines do not.
const { PORT, WEB_PORT, LAB_FAULT_PORT, LAB_FOREIGN_PORT } = process.env;
const server = { host: '127.0.0.1', port: Number(WEB_PORT || 4100), strictPort: true };

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    ...withoutUnused,
    ...leftovers.map(leaveOut),
    preloadApp(),
    preloadFont(),
    // First, because the next one answers.
    sendPageHeaders(),
    tellApiPort(),
    leadToPasswordChange(),
    sideDoor(),
    labDoor(),
    missingFilesAre404(),
  ],
  server,
  preview: server,
  build: {
    // A data: URI would need its own exception in the content security policy.
    assetsInlineLimit: 0,
    // The first browsers that know light-dark(). For older ones it would be rewritten in a way that allows only one colour
    // scheme on a page.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A page opened directly loads few chunks, each of things that are needed together: gzip finds more repetition
          // in one chunk than in ten. What a chunk imports beyond its own files is not drawn into it.
          groups: [
            {
              name: 'base',
              test: anyOf(
                /node_modules.(react|react-dom|scheduler|react-router|zod|@tanstack)[^\w-]/,
                /lucide-react.dist.esm.(?!icons)/,
                /lucide-react.dist.esm.icons.(arrow-left-right|arrow-up-down|flask-conical|house|loader-circle|message-square-text)\./,
                /lucide-react.dist.esm.icons.(keyboard|monitor|moon|scan-search|scroll-text|stethoscope|sun|trophy|users-round)\./,
                /packages.contracts.src.(?!event-stream|refusal-rules|schemas.(exchange|cookie-assay|refusal-rule))/,
                /src.(session.(?!seems)|browser|token.decode)/,
                /src.ui.(arrival|button|class-names|lazy-part|on-first-use|shortcut|skeleton|theme|theme-toggle|toasts|use-key)\./,
                /src.pages.(sections|use-is-admin|return-path|dialog-address|doctor-finding)\./,
              ),
              includeDependenciesRecursively: false,
            },
            {
              name: 'page',
              test: /src.(ui.(alert|copy-button|field|page|panel|text-area)|pages.(tool-links|errors.(error-alert|find-out-why|describe-error|problem-texts|wait|field-issues)|use-submit|use-native-form|uid-input))\.|lucide-react.dist.esm.icons.(check|circle-alert|circle-exclamation-point|copy|eye|eye-off|info)\.m?js/,
              includeDependenciesRecursively: false,
            },
            {
              name: 'exchanges',
              test: /src.pages.(exchange-entries|call-marks|read-trace|use-trace|watch-trace|exchanges.(exchanges-page|call-list|use-api-half|short-milliseconds))\.|packages.contracts.src.schemas.(exchange|refusal-rule)\./,
              includeDependenciesRecursively: false,
            },
            {
              name: 'signed-in',
              test: /src.(ui.(avatar|badge|empty-state|load-more|menu-button|time|time-formats)|pages.(queries|drafts|layout.(api-banner|signed-in-user|user-menu)))\.|lucide-react.dist.esm.icons.(circle-user-round|ellipsis|log-out|monitor-smartphone|pencil|trash|x)\.m?js/,
              minShareCount: 1,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
});

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'));
}

/** In development and under `npm start` the app calls the port that the API has been given, as in a deployment. */
function tellApiPort(): Plugin {
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (!PORT || request.url !== '/config.json') return next();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ api_url: `http://{hostname}:${PORT}` }));
  };
  return {
    name: 'tell-api-port',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  };
}

/**
 * Under `npm start` pages have the headers of a deployment, so that what the policy forbids fails here, too. Not in
 * development, where vite puts scripts into the page that the policy forbids.
 */
function sendPageHeaders(): Plugin {
  return {
    name: 'send-page-headers',
    configurePreviewServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        // vite has refused every Host that is not this machine's (`allowedHosts`), so this text is safe in a header.
        const { hostname } = new URL(`http://${request.headers.host ?? 'localhost'}`);
        const lab =
          LAB_FAULT_PORT && LAB_FOREIGN_PORT
            ? {
                calls: `http://${hostname}:${LAB_FAULT_PORT}`,
                frames: ['localhost', '127.0.0.1'].map((name) => `http://${name}:${LAB_FOREIGN_PORT}`),
              }
            : undefined;
        const headers = pageHeaders(`http://${hostname}:${PORT || '8086'}`, lab);
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        next();
      });
    },
  };
}

/**
 * Password managers open this address to lead a user to the change of the password, by the rule of
 * nginx/web-server.conf.template.
 */
function leadToPasswordChange(): Plugin {
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url !== '/.well-known/change-password') return next();
    response.writeHead(302, { Location: '/account' }).end();
  };
  return {
    name: 'lead-to-password-change',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  };
}

/**
 * Preloads the app's script and what it imports, because the entry asks for it only when it runs. At low priority, after
 * what the first paint waits for; the largest first, because a browser opens six connections to an origin.
 */
function preloadApp(): Plugin {
  return {
    name: 'preload-app',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {}, chunk: entry }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const app = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/src/main.tsx'));
        if (!app) throw new Error('The build has no chunk of src/main.tsx');
        const there = [entry?.fileName, ...(entry?.imports ?? [])];
        return chunks
          .filter(({ fileName }) => [app.fileName, ...app.imports].includes(fileName))
          .filter(({ fileName }) => !there.includes(fileName))
          .sort((one, other) => other.code.length - one.code.length)
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', href: `/${fileName}`, fetchpriority: 'low', crossorigin: '' },
            injectTo: 'head',
          }));
      },
    },
  };
}

/** Preloads the font that nearly all text needs: when text is drawn, after script and configuration, it is there. */
function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const assets = Object.values(bundle).filter((file) => file.type === 'asset');
        const font = assets.find(({ originalFileNames: [name] }) => name?.endsWith('fonts/inter.woff2'));
        if (!font) throw new Error('The build has no fonts/inter.woff2');
        const attrs = {
          rel: 'preload',
          href: `/${font.fileName}`,
          as: 'font',
          type: 'font/woff2',
          crossorigin: '',
        };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}

/**
 * Under `vite preview`, answers 404 to a request for a file that does not exist, by the rule of
 * nginx/web-server.conf.template. Vite would answer with the app's page, for example for /sw.js.
 */
function missingFilesAre404(): Plugin {
  return {
    name: 'missing-files-are-404',
    configurePreviewServer({ config, middlewares }) {
      const site = join(config.root, config.build.outDir);
      middlewares.use(({ url = '/' }, response, next) => {
        const { pathname } = new URL(url, 'http://localhost');
        const isHidden = pathname.includes('/.');
        const isMissingFile = /\.[A-Za-z0-9]+$/.test(pathname) && !existsSync(join(site, pathname));
        if (!isHidden && !isMissingFile) return next();
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.');
      });
    },
  };
}
