import { z } from 'zod';

const Minted = z.object({ token: z.string() });

/** A token of the API's own key that it must refuse, made by the lab. Throws if the lab is gone. */
export async function mint(kind: 'expired' | 'other-audience'): Promise<string> {
  const answer = await fetch('/lab/token', { method: 'POST', body: JSON.stringify({ kind }) });
  return Minted.parse(await answer.json()).token;
}
