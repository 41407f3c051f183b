import { z } from 'zod';

/** Which part of a list is asked for. `after` is the opaque cursor out of the answer's `Link: <…>; rel="next"`. */
export const PageQuery = z.strictObject({
  limit: z.coerce
    .number({ error: 'limit must be a whole number' })
    .int('limit must be a whole number')
    .min(1, 'limit must be at least 1')
    .max(500, 'limit must be at most 500')
    .default(100),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'after is not a cursor of this API')
    .optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;
