import { Button } from '../../ui/button.tsx';
import { toJson } from './as-text.ts';
import type { Entry } from './entries.ts';

/** Saves the log as JSON: names and facts, as they are shown. */
export function DownloadButton({ entries }: { entries: readonly Entry[] }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([toJson(entries)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'exchanges.json';
    link.click();
    // The download begins after this task.
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  return (
    <Button size="small" disabled={entries.length === 0} onClick={save}>
      Download
    </Button>
  );
}
