import { rmSync } from 'node:fs';

export type Stage = ReturnType<typeof createStage>;

/** Cleans up what an experiment has set up, in reverse order, also after a failure or Ctrl-C. */
export function createStage() {
  const undoing: (() => unknown)[] = [];
  return {
    onEnd: (undo: () => unknown): void => void undoing.push(undo),
    remove: (folder: string): void => rmSync(folder, { recursive: true, force: true }),
    async clear(): Promise<void> {
      for (let undo = undoing.pop(); undo; undo = undoing.pop()) {
        try {
          await undo();
        } catch (error) {
          process.stderr.write(`Cleaning up failed: ${error instanceof Error ? error.message : error}\n`);
        }
      }
    },
  };
}
