import { rmSync } from 'node:fs';

export type Stage = ReturnType<typeof createStage>;

/** What an experiment has set up, so that it is taken down again in the reverse order, also after a failure or a Ctrl-C. */
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
          process.stderr.write(`Clearing away: ${error instanceof Error ? error.message : error}\n`);
        }
      }
    },
  };
}
