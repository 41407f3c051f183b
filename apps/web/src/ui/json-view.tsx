/** A JSON value, indented. Long strings wrap instead of widening the page. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <pre className="wire whitespace-pre-wrap rounded-xl p-4 font-mono text-[0.8125rem] leading-6 [overflow-wrap:anywhere]">
      <code>
        <span className="sr-only">{label}: </span>
        {JSON.stringify(value, null, 2)}
      </code>
    </pre>
  );
}
