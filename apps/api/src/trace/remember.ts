/** Callers choose some of the texts, so only so many are remembered. */
const most = 1000;
const longest = 1024;

/**
 * The function with a memory: headers have the same few texts in request after request. When the memory is full, it
 * begins again.
 */
export function remember<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    if (known.size >= most) known.clear();
    if (text.length <= longest) known.set(text, result);
    return result;
  };
}
