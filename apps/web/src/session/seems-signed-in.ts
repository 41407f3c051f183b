/** The entry of localStorage that holds the access token of the Bearer flow, by the article's name for it. */
export const tokenKey = 'jwt-token';

/** The entry of localStorage that notes a session in HttpOnly cookies, which script cannot see. */
export const markerKey = 'signet-cookie-session';

/** Whether there seems to be a session, before what is stored has been parsed: good enough to load a page early. */
export function seemsSignedIn(open: () => Pick<Storage, 'getItem'>): boolean {
  try {
    return [tokenKey, markerKey].some((key) => open().getItem(key) !== null);
  } catch {
    // The user may forbid storage (HTML standard, section 12.2).
    return false;
  }
}
