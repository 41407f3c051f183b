import { z } from 'zod';

const LabSetup = z.object({
  foreign_port: z.int(),
  fault_port: z.int(),
  /** The id of the fault that the proxy has; null where it changes nothing. */
  fault: z.string().nullable(),
  faults: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['reach', 'permission', 'preflight', 'cookie', 'request']),
      /** What is broken: "a proxy that allows *". */
      of: z.string(),
    }),
  ),
});
export type LabSetup = z.infer<typeof LabSetup>;

/** The lab that the server of this page leads to; undefined where no lab runs, as in every deployment. */
export async function readLab(): Promise<LabSetup | undefined> {
  try {
    const answer = await fetch('/lab/setup', { cache: 'no-store' });
    return answer.ok ? LabSetup.safeParse(await answer.json()).data : undefined;
  } catch {
    // nginx answers with the app's page, because the path has no extension.
    return undefined;
  }
}

/** Puts this fault into the proxy, or everything right with null. Throws if the lab is gone. */
export async function chooseFault(id: string | null): Promise<LabSetup> {
  const answer = await fetch('/lab/fault', { method: 'PUT', body: JSON.stringify({ id }) });
  return LabSetup.parse(await answer.json());
}

/** Where the proxy is, under the name that this page was opened with: another name would be another site. */
export function faultUrlOf({ fault_port }: LabSetup): string {
  return `${window.location.protocol}//${window.location.hostname}:${fault_port}`;
}
