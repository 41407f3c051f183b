import { z } from 'zod';
import { missing } from './missing.ts';
import { Name, NewName, NewPassword, NewUid, Uid } from './user.ts';

export const Tokens = z
  .int({ error: 'Tokens must be a whole number' })
  .min(0, 'Tokens must not be negative')
  .max(2_147_483_647, 'Tokens must be at most 2147483647');

export const Player = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  uid: z.string(),
  tokens: z.int().nonnegative(),
});
export type Player = z.infer<typeof Player>;

const playerDetails = missing('player details');

export const CreatePlayer = z.strictObject(
  { name: NewName, uid: NewUid, password: NewPassword, tokens: Tokens.default(0) },
  playerDetails,
);
export type CreatePlayer = z.infer<typeof CreatePlayer>;

export const UpdatePlayer = z.strictObject(
  { name: Name.optional(), uid: Uid.optional(), password: NewPassword.optional(), tokens: Tokens.optional() },
  playerDetails,
);
export type UpdatePlayer = z.infer<typeof UpdatePlayer>;
