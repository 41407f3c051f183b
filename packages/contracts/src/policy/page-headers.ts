/**
 * Headers of every page and file of the app. `npm start` sends these, and nginx its own copy of them, which a
 * test compares. `apiOrigin` is what the page may call besides its own origin. `lab` is for `npm start` on one's own
 * machine alone: what the page /lab may call as well, and which foreign pages it may show in a frame.
 */
export function pageHeaders(apiOrigin: string, lab?: LabOrigins): Readonly<Record<string, string>> {
  return {
    // Only files of the app are run as scripts, so that injected markup runs nothing (CSP 3, section 6.1.12).
    // Styles are 'unsafe-inline', because toasts and dialogs set theirs at run time.
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self'",
      `img-src 'self' data: blob: ${apiOrigin}`,
      `connect-src 'self' ${apiOrigin}${lab ? ` ${lab.calls}` : ''}`,
      ...(lab ? [`frame-src ${lab.frames.join(' ')}`] : []),
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      // No other page shows the app in a frame, where it could steal clicks (CSP 3, section 6.4.2).
      "frame-ancestors 'none'",
    ].join('; '),
    // A window that opens the app, or that the app opens, gets no hold on the app's window (HTML,
    // section 7.1.3).
    'Cross-Origin-Opener-Policy': 'same-origin',
    // Browsers take a file for what its type says, and never run an image as a script (Fetch, section 3.6).
    'X-Content-Type-Options': 'nosniff',
    // Other origins learn the app's origin, and no address within it (Referrer Policy, section 3.6).
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  };
}

type LabOrigins = { readonly calls: string; readonly frames: readonly string[] };
