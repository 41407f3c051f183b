/**
 * How many fields of this name the request has, the name in lower case. Node's `headersDistinct` would make
 * an object of all fields first.
 */
export function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  // Names and values alternate.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index];
    if (given?.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count;
}
