/**
 * The parameter of an object schema that answers a body which is absent, or
 * not an object, in the article's words.
 */
export function missing(what: string) {
  return {
    error: ({ code }: { code?: string }) => (code === 'invalid_type' ? `Please provide ${what}` : undefined),
  };
}
