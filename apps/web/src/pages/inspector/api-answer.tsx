import type { ApiVerdict } from './ask-api.ts';

/** What the API made of the token, and by which rule. */
export function ApiAnswer({ verdict: { answer, says, rule } }: { verdict: ApiVerdict }) {
  return (
    <div className="mt-3 rounded-xl border border-line bg-sunken px-4 py-3 text-sm [overflow-wrap:anywhere]">
      <p className="font-semibold">
        GET /protected: <code className="font-mono">{answer}</code>
      </p>
      <p>{says}</p>
      {rule && (
        <p className="text-muted">
          Rule <code className="font-mono">{rule.name}</code>: refused, because {rule.because} ({rule.source})
        </p>
      )}
    </div>
  );
}
