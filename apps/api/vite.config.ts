import { defineConfig } from 'vite';

/**
 * One flat folder, since modules find the worker beside them. npm's
 * packages stay outside, the contracts come in.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    rollupOptions: {
      input: { main: 'src/main.ts', cli: 'src/cli.ts', 'hash-worker': 'src/auth/hash-worker.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: ['@signet/contracts'] },
});
