import type { LabSetup } from '../lab-setup.ts';
import { AttackList } from './attack-list.tsx';
import { FaultLab } from './fault-lab.tsx';

/** The attacks and the faults, in one chunk, because two would be more script. */
export function Lab({ setup, onChange }: { setup: LabSetup; onChange: () => void }) {
  return (
    <>
      <AttackList setup={setup} />
      <div id="faults" className="scroll-mt-20 lg:scroll-mt-6">
        <FaultLab setup={setup} onChange={onChange} />
      </div>
    </>
  );
}
