import { z } from 'zod';

/** The state of a history entry. Parsed, because the entry may come from an older build. */
const LocationState = z.object({ from: z.string().regex(/^\/(?!\/)/) });

/** What to give to the sign-in page, so that it leads to `path` after the sign-in. */
export function returnTo(path: string): z.infer<typeof LocationState> {
  return { from: path };
}

/** The page to open after the sign-in; undefined if no certain page was asked for. */
export function readReturnPath(state: unknown): string | undefined {
  return LocationState.safeParse(state).data?.from;
}
