import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The files of the viewer at `/docs`, by the names under which the API serves them. */
export const viewerFiles = {
  'viewer.js': { mediaType: 'text/javascript', source: 'swagger-ui-dist/swagger-ui-bundle.js' },
  'viewer.css': { mediaType: 'text/css', source: 'swagger-ui-dist/swagger-ui.css' },
  'license.txt': { mediaType: 'text/plain', source: 'swagger-ui-dist/LICENSE' },
  'start.js': { mediaType: 'text/javascript', source: '../../assets/start-viewer.js' },
} as const;

export type ViewerFile = keyof typeof viewerFiles;

export const viewerFileNames = Object.keys(viewerFiles) as ViewerFile[];

/**
 * The policy of the page `/docs` alone. Scripts come from this API only, so that injected markup runs nothing;
 * the viewer writes styles into its elements, draws icons from `data:` and shows images from `blob:`; it calls
 * this API and no other server (CSP 3, section 6.1).
 */
export const viewerPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Where a file comes from: the build copies it from there. */
export function sourceOf(name: ViewerFile): string {
  return createRequire(import.meta.url).resolve(viewerFiles[name].source);
}

/**
 * Reads the viewer's files: in the build from the folder beside this module, in development from
 * swagger-ui-dist, which the images do not have.
 */
export function createViewerReader() {
  const built = fileURLToPath(new URL('./viewer/', import.meta.url));
  const pathOf = (name: ViewerFile) => (existsSync(built) ? `${built}${name}` : sourceOf(name));
  const tags = new Map<ViewerFile, Promise<string>>();

  return {
    /** A hash of the file's bytes. They stay the same as long as the process lives. */
    tagOf(name: ViewerFile): Promise<string> {
      const known = tags.get(name) ?? readFile(pathOf(name)).then(hash);
      tags.set(name, known);
      return known;
    },

    async open(name: ViewerFile) {
      const path = pathOf(name);
      const { size } = await stat(path);
      return { mediaType: viewerFiles[name].mediaType, size, read: () => readFile(path) };
    },
  };
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
