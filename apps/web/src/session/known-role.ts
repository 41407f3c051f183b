import { z } from 'zod';
import { readJson, type TextStore } from '../browser/storage.ts';

const key = 'signet-role';
const Note = z.object({ owner: z.string(), isAdmin: z.boolean() });

export type KnownRole = ReturnType<typeof createKnownRole>;

/**
 * Remembers whether the signed-in user is an admin, so that the navigation has its entries before the API has answered.
 * It decides nothing: anything on the origin can write there, and the API checks the role at every request.
 */
export function createKnownRole(storage: TextStore) {
  const listeners = new Set<() => void>();
  return {
    isAdmin(ownerId: string): boolean {
      const note = Note.safeParse(readJson(storage, key)).data;
      return note?.owner === ownerId && note.isAdmin;
    },
    note(ownerId: string, isAdmin: boolean) {
      storage.setItem(key, JSON.stringify({ owner: ownerId, isAdmin } satisfies z.infer<typeof Note>));
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
