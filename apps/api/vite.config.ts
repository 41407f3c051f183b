import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { sourceOf, viewerFileNames } from './src/system/viewer-files.ts';

/**
 * One flat folder, since modules find the worker beside them. npm's
 * packages stay outside, the workspaces come in.
 */
export default defineConfig({
  plugins: [copyViewer()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    rollupOptions: {
      input: { main: 'src/main.ts', cli: 'src/cli.ts', 'hash-worker': 'src/auth/hash-worker.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: ['@signet/contracts', '@signet/doctor'] },
});

/** Copies the viewer of `/docs`, so that the images need no package of it. */
function copyViewer(): Plugin {
  return {
    name: 'copy-viewer',
    generateBundle() {
      for (const name of viewerFileNames)
        this.emitFile({ type: 'asset', fileName: `viewer/${name}`, source: readFileSync(sourceOf(name)) });
    },
  };
}
