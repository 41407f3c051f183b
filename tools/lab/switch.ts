import type { Breakage } from '@signet/rig/broken-proxy';
import { type Fault, faults } from '@signet/rig/faults';

export type FaultSwitch = ReturnType<typeof createSwitch>;

/** Which fault the proxy has. There is one proxy, so there is one fault at a time, for all tabs alike. */
export function createSwitch() {
  let fault: Fault | undefined;
  return {
    /** What the proxy breaks at this moment. */
    broken: (): Breakage => fault?.broken ?? {},
    chosen: () => fault?.id,
    /** Chooses a fault; undefined puts everything right. Returns whether there is such a fault. */
    choose(id: string | undefined): boolean {
      const found = faults.find((each) => each.id === id);
      if (id !== undefined && !found) return false;
      fault = found;
      return true;
    },
  };
}
