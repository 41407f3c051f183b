const parts = [
  ['header', 'how it is signed', 'bg-header'],
  ['payload', 'who it is for and until when', 'bg-payload'],
  ['signature', 'proof that nothing was changed', 'bg-signature'],
] as const;

/** What the three parts of a token are, each with its colour. */
export function TokenLegend() {
  return (
    <dl className="grid grid-cols-[2fr_5fr_3fr] gap-1.5 text-xs">
      {parts.map(([part, meaning, colour]) => (
        <div key={part} className="grid content-start gap-1">
          <span
            aria-hidden
            className={`mb-1.5 h-2 rounded-full border border-transparent forced-color-adjust-none ${colour}`}
          />
          <dt className="font-medium font-mono">{part}</dt>
          <dd className="text-muted">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
