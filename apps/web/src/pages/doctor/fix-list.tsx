import type { Fix, Reference } from '@signet/doctor';
import { CopyButton } from '../../ui/copy-button.tsx';

const places: Record<Fix['for'], string> = {
  signet: 'Signet',
  express: 'Express',
  nginx: 'nginx',
  fetch: 'In the page',
  browser: 'In the browser',
  shell: 'In the terminal',
};

/** What to change, place by place, each with the line to copy. */
export function FixList({ fix }: { fix: readonly Fix[] }) {
  return (
    <ul className="grid gap-3">
      {fix.map(({ for: place, do: step, line }) => (
        <li key={`${place} ${step}`} className="grid min-w-0 gap-1.5">
          <span>
            <strong className="font-semibold">{places[place]}:</strong> <span>{step}</span>
          </span>
          {line !== undefined && (
            <span className="flex min-w-0 flex-wrap items-center gap-2">
              <code className="min-w-0 rounded-lg border border-line px-2.5 py-1.5 font-mono text-[0.8125rem] [overflow-wrap:anywhere]">
                {line}
              </code>
              <CopyButton text={line} label={`Copy: ${step}`} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The sources of a rule, which open in the same tab. */
export function ReferenceList({ references }: { references: readonly Reference[] }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {references.map(({ title, url }) => (
        <li key={url}>
          <a href={url} className="font-medium underline underline-offset-4">
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}
