/** The text, with the beginnings of its words marked that begin with `query`, whatever the case. */
export function MarkedText({ text, query }: { text: string; query: string }) {
  const parts = splitAtMatches(text, query);
  if (!parts.some(({ isMatch }) => isMatch)) return text;
  return parts.map(({ at, part, isMatch }) =>
    isMatch ? (
      <mark key={at} className="rounded-sm bg-ink/12 font-semibold text-inherit">
        {part}
      </mark>
    ) : (
      <span key={at}>{part}</span>
    ),
  );
}

type Part = { at: number; part: string; isMatch: boolean };

/** A word begins after anything that is no letter, mark or digit. */
export function splitAtMatches(text: string, query: string): Part[] {
  const wanted = fold(query);
  if (wanted === '') return [{ at: 0, part: text, isMatch: false }];
  const parts: Part[] = [];
  let end = 0;
  for (const { index } of text.matchAll(/(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu)) {
    const part = text.slice(index, index + query.length);
    if (index < end || fold(part) !== wanted) continue;
    if (index > end) parts.push({ at: end, part: text.slice(end, index), isMatch: false });
    parts.push({ at: index, part, isMatch: true });
    end = index + query.length;
  }
  if (end < text.length) parts.push({ at: end, part: text.slice(end), isMatch: false });
  return parts;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ');
}
