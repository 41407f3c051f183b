import { Download } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { type AuditFilter, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

/** Downloads all events that the filter finds. A link could not: it sends no Authorization header. */
export function ExportButton({ filter }: { filter: AuditFilter }) {
  const call = useCall();
  const download = useSubmit({
    async mutationFn() {
      // Loaded at the press, because few readers of the log download it.
      const { readAllEvents } = await import('./read-all-events.ts');
      return readAllEvents(call, filter);
    },
    onSuccess: (csv) => {
      save(csv, `audit-${new Date().toISOString().slice(0, 10)}.csv`);
      notify('Audit events downloaded');
    },
  });
  return (
    <>
      <Button busy={download.isPending} onClick={() => download.mutate()}>
        {!download.isPending && <Download aria-hidden className="size-4" />}
        Download CSV
      </Button>
      {download.isError && <ErrorAlert error={download.error} />}
    </>
  );
}

function save(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
