import { z } from 'zod';

/** The one form of a number in a query. Coercion would also accept `1e2`, `0x10` and ` 5`. */
const decimal = /^-?(?:0|[1-9]\d*)$/;

/**
 * Which part of a list is requested. `after` is the opaque cursor from the
 * previous answer's `Link: <…>; rel="next"`.
 */
export const PageQuery = z.strictObject({
  limit: z
    .preprocess(
      (given) => (typeof given === 'string' && decimal.test(given) ? Number(given) : given),
      z
        .int({ error: 'limit must be a whole number' })
        .min(1, 'limit must be at least 1')
        .max(500, 'limit must be at most 500'),
    )
    .prefault(100),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,1500}$/, 'after is not a cursor of this API')
    .optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;
