/** An IPv6 address without the brackets that it has in a URL (RFC 3986, section 3.2.2); any other host as it is. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
