import { z } from 'zod';

/** The largest id: that of PostgreSQL's `integer`, also on SQLite. */
export const maxId = 2_147_483_647;

/** The path parameters of a resource whose id is a number. */
export const IdParams = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'id must be a positive whole number')
    .transform(Number)
    .refine((id) => id <= maxId, 'id is too large'),
});
export type IdParams = z.infer<typeof IdParams>;
