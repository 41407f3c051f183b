import type { Entry } from '../exchange-entries.ts';
import { toJson } from './as-text.ts';

/** Saves the log as JSON: names and facts, as they are shown. */
export function saveFile(entries: readonly Entry[]): void {
  const url = URL.createObjectURL(new Blob([toJson(entries)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'exchanges.json';
  link.click();
  // The download begins after this task.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
