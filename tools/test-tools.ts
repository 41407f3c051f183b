import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the tests need beyond npm, and where it is on this machine. */
export type TestTool = {
  readonly name: string;
  /** Debian's packages that bring it. */
  readonly packages: readonly string[];
  /** The path of the program, or undefined where there is none. */
  readonly find: () => string | undefined;
};

/** A Chromium that can be driven, or a Chrome. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const onMac = ['Chromium', 'Google Chrome'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  return [...names.map(findOnPath), ...onMac.filter(existsSync)].find((path) => path !== undefined);
}

export function findNginx(): string | undefined {
  return findOnPath('nginx');
}

/** `initdb` of the newest PostgreSQL that is installed as Debian does it: one folder for each version. */
export function findInitdb(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin', 'initdb')).find(existsSync);
}

export const testTools: readonly TestTool[] = [
  // Chromium on a bare server has no font at all, and a page without glyphs has no width to measure.
  { name: 'Chromium', packages: ['chromium', 'fonts-liberation'], find: findChromium },
  { name: 'nginx', packages: ['nginx-light'], find: findNginx },
  { name: 'a PostgreSQL server', packages: ['postgresql'], find: findInitdb },
];

function findOnPath(name: string): string | undefined {
  // The path of an ordinary user lacks /usr/sbin, where Debian has nginx.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
