import { findFirefox, findMiniBrowser } from '@signet/rig';

export const engineNames = ['chromium', 'firefox', 'webkit'] as const;
export type EngineName = (typeof engineNames)[number];

/** A page. Elements are named by XPath, which every driver understands. */
export type Tab = {
  readonly goto: (url: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Resolves when there is such an element. */
  readonly waitFor: (xpath: string) => Promise<void>;
  readonly click: (xpath: string) => Promise<void>;
  readonly fill: (xpath: string, text: string) => Promise<void>;
  /** Runs a function in the page. It sees its argument and the page, and nothing of the test. */
  readonly evaluate: <Result>(
    work: (argument: string) => Result | Promise<Result>,
    argument?: string,
  ) => Promise<Result>;
};

export type Engine = {
  readonly name: EngineName;
  readonly openTab: () => Promise<Tab>;
  readonly close: () => Promise<void>;
};

export type LaunchOptions = {
  /** The port of a proxy on this machine that finds the hosts of the test. Certificates are not checked then. */
  readonly proxyPort?: number;
  /**
   * `third-party`: keeps no cookies of other sites, which is WebKit's default. `all`: lets pages store nothing.
   * Without it the engine has its default.
   */
  readonly blocks?: 'nothing' | 'third-party' | 'all';
};

/** The path of an engine's program, or an error that says how to install it. */
export function programOf(name: Exclude<EngineName, 'chromium'>): string {
  const program = name === 'firefox' ? findFirefox() : findMiniBrowser();
  if (!program) throw new Error(`There is no ${name}: npx tsx tools/install-test-tools.ts`);
  return program;
}
