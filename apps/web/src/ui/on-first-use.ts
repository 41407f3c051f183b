/**
 * Makes a value when it is first asked for. The formats of `Intl` take several milliseconds each on a phone, which a page
 * that shows none of them must not wait for.
 */
export function onFirstUse<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
