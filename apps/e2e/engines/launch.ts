import type { Engine, EngineName } from './engine.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

/** An engine with a profile of its own, which `close` removes. */
export function launch(name: EngineName): Promise<Engine> {
  return name === 'webkit' ? launchWebKit() : launchFirefox();
}
