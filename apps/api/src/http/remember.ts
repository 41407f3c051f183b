/** Longer texts are read each time: callers choose them, and what is kept must stay small. */
const maxLength = 256;

/**
 * A pure function of a text that keeps its results for the texts of late: most requests have the Host, the
 * user agent and the address of an earlier one.
 *
 * When it holds `most` results it forgets all of them. A caller who sends another text each time makes it as
 * slow as `read` alone, and never larger.
 */
export function remember<Result>(read: (text: string) => Result, most = 1000): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = read(text);
    if (text.length > maxLength) return result;
    if (results.size >= most) results.clear();
    results.set(text, result);
    return result;
  };
}
