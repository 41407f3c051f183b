/** A duration with its unit; below 10 ms with one decimal. */
export function shortMilliseconds(milliseconds: number): string {
  return `${milliseconds > 0 && milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
