import type { Engine, EngineName, LaunchOptions } from './engine.ts';
import { launchPuppeteer } from './puppeteer.ts';
import { launchWebKit } from './webkit.ts';

/** An engine with a profile of its own, which `close` removes. */
export function launch(name: EngineName, options: LaunchOptions = {}): Promise<Engine> {
  return name === 'webkit' ? launchWebKit(options) : launchPuppeteer(name, options);
}
