type Address = Pick<Location, 'protocol' | 'host' | 'origin'>;

/**
 * The page's origin, as the browser sends it in `Origin`. For an app's own scheme, such as `capacitor:`, `location.origin`
 * may be the text `null`.
 */
export function originOf({ protocol, host, origin }: Address): string {
  return origin === 'null' ? `${protocol}//${host}` : origin;
}
