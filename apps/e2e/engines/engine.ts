import { findFirefox, findMiniBrowser } from '@signet/rig';

export type EngineName = 'firefox' | 'webkit';

/** A page. Elements are named by XPath, which every driver understands. */
export type Tab = {
  readonly goto: (url: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Resolves when there is such an element. */
  readonly waitFor: (xpath: string) => Promise<void>;
  readonly click: (xpath: string) => Promise<void>;
  readonly fill: (xpath: string, text: string) => Promise<void>;
  /** Runs a function in the page. It sees the page, and nothing of the test. */
  readonly evaluate: <Result>(work: () => Result | Promise<Result>) => Promise<Result>;
};

export type Engine = {
  readonly openTab: () => Promise<Tab>;
  readonly close: () => Promise<void>;
};

/** The path of an engine's program, or an error that says how to install it. */
export function programOf(name: EngineName): string {
  const program = name === 'firefox' ? findFirefox() : findMiniBrowser();
  if (!program) throw new Error(`There is no ${name}: npx tsx tools/install-test-tools.ts`);
  return program;
}
