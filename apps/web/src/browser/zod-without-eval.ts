import { z } from 'zod';

/**
 * zod compiles the parsers of objects with `new Function`, after trying whether that is allowed. The content
 * security policy forbids it, so that injected text is never run (CSP 3, section 4.5), and the browser reports the
 * try as a violation on every page. Must be imported before any schema, because a schema tries when it is made.
 */
z.config({ jitless: true });
