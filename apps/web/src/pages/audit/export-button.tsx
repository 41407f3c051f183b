import { asCsv, endpoints } from '@signet/contracts';
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
      const parts: Blob[] = [];
      let after: string | undefined;
      do {
        const { csv, next } = await call(asCsv(endpoints.listAuditEvents), { query: { ...filter, after } });
        parts.push(parts.length === 0 ? csv : await withoutHeader(csv));
        after = next;
      } while (after !== undefined);
      return new Blob(parts, { type: 'text/csv' });
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

/** Each answer begins with the names of the columns, and one file has them once. */
async function withoutHeader(csv: Blob): Promise<Blob> {
  const text = await csv.text();
  return new Blob([text.slice(text.indexOf('\n') + 1)]);
}

function save(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
