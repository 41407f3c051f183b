import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that the tests need and npm does not install. */
export type TestTool = {
  readonly name: string;
  /** The Debian packages that install it. */
  readonly packages: readonly string[];
  /** Returns the path of the program, or undefined if it is not installed. */
  readonly find: () => string | undefined;
};

/** The path of Chromium or Chrome. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const onMac = ['Chromium', 'Google Chrome'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  return [...names.map(findOnPath), ...onMac.filter(existsSync)].find((path) => path !== undefined);
}

export function findFirefox(): string | undefined {
  const onMac = '/Applications/Firefox.app/Contents/MacOS/firefox';
  const found = ['firefox-esr', 'firefox'].map(findOnPath).find((path) => path !== undefined);
  return found ?? (existsSync(onMac) ? onMac : undefined);
}

/** WebKitGTK's small browser, if the programs that drive it are installed, too. */
export function findMiniBrowser(): string | undefined {
  if (!['WebKitWebDriver', 'Xvfb'].every(findOnPath)) return undefined;
  const libraries = ['/usr/lib', ...['x86_64', 'aarch64'].map((name) => `/usr/lib/${name}-linux-gnu`)];
  return libraries.map((folder) => join(folder, 'webkit2gtk-4.1', 'MiniBrowser')).find(existsSync);
}

export function findNginx(): string | undefined {
  return findOnPath('nginx');
}

/** `initdb` of the newest installed PostgreSQL. Debian keeps each version in a folder of its own. */
export function findInitdb(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin', 'initdb')).find(existsSync);
}

export function findPgbouncer(): string | undefined {
  return findOnPath('pgbouncer');
}

export const testTools: readonly TestTool[] = [
  // A bare server has no fonts, and text without glyphs has no width that a test could measure.
  { name: 'Chromium', packages: ['chromium', 'fonts-liberation'], find: findChromium },
  { name: 'Firefox', packages: ['firefox-esr'], find: findFirefox },
  { name: 'WebKit', packages: ['webkit2gtk-driver', 'xvfb'], find: findMiniBrowser },
  { name: 'nginx', packages: ['nginx-light'], find: findNginx },
  // Documents show requests with curl, and a test runs them.
  { name: 'curl', packages: ['curl'], find: () => findOnPath('curl') },
  { name: 'git', packages: ['git'], find: () => findOnPath('git') },
  { name: 'a PostgreSQL server', packages: ['postgresql'], find: findInitdb },
];

function findOnPath(name: string): string | undefined {
  // Debian installs nginx in /usr/sbin, which is not in the PATH of an ordinary user.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
