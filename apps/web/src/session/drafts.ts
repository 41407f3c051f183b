import { z } from 'zod';
import { readJson, type TextStore } from '../browser/storage.ts';

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
/** What a form's fields hold, by name. */
export type DraftValues = z.infer<typeof Values>;

export type Drafts = ReturnType<typeof createDrafts>;

/**
 * What users have written and not sent, so that it survives a reload and the end of a session. The key has the user's id
 * in it, so that the next user of this browser sees none of it.
 */
export function createDrafts(storage: TextStore) {
  const keyOf = (userId: number, form: string) => `signet-draft:${userId}:${form}`;

  return {
    find(userId: number, form: string): DraftValues | undefined {
      return Values.safeParse(readJson(storage, keyOf(userId, form))).data;
    },
    keep: (userId: number, form: string, values: DraftValues) =>
      storage.setItem(keyOf(userId, form), JSON.stringify(values)),
    drop: (userId: number, form: string) => storage.removeItem(keyOf(userId, form)),
  };
}
