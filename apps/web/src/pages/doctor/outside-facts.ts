import { Exchange } from '@signet/contracts';
import type { Facts } from '@signet/doctor';
import { z } from 'zod';

const Failure = z.object({ stage: z.enum(['name', 'connect', 'tls', 'answer']), code: z.string() });
const Answer = z.object({
  status: z.int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
  at: z.number(),
});
const Sent = z.object({
  url: z.string(),
  method: z.string(),
  path: z.string(),
  origin: z.string().exactOptional(),
  asked: z.object({ method: z.string(), headers: z.array(z.string()) }).exactOptional(),
  outcome: z.union([Answer, Failure]),
});
const List = z.array(Sent);

/** What `signet doctor --facts` prints: what was seen outside of the browser. */
const OutsideFacts = z.object({
  target: z.object({
    api: z.string().refine((text) => URL.canParse(text)),
    origin: z.string(),
    site: z.enum(['same-origin', 'same-site', 'cross-site']),
    publicSuffix: z.string().exactOptional(),
  }),
  probe: z
    .object({
      addresses: z.array(z.object({ address: z.string(), failure: Failure.exactOptional() })),
      reads: List,
      preflights: List,
      otherOrigins: List,
      grantedOrigins: z.array(z.string()),
      guarded: List,
      upload: Sent.exactOptional(),
      longHeader: Sent.exactOptional(),
      withAuthorization: Sent.exactOptional(),
      signOut: Sent.exactOptional(),
      signIn: Sent.exactOptional(),
      withCookie: Sent.exactOptional(),
      sameToken: z.array(z.int()).exactOptional(),
      otherScheme: z.enum(['spoken', 'silent']).exactOptional(),
      signetElsewhere: z.array(z.string()),
    })
    .exactOptional(),
  trace: z.array(Exchange).exactOptional(),
});

/** `throughLab` is for the proxy of the fault lab; `origin` for another origin than that of this page. */
type Question = { readonly throughLab?: boolean; readonly origin?: string };

/**
 * Undefined where the page's server has no side door, as in a deployment: it answers with the app's page, because the
 * path has no extension. A 404 would be an error in the console.
 */
export async function askSideDoor({ throughLab = false, origin }: Question): Promise<Facts | undefined> {
  try {
    const query = new URLSearchParams({
      ...(throughLab && { through: 'lab' }),
      ...(origin !== undefined && { origin }),
    });
    const answer = await fetch(['/doctor/facts', `${query}`].filter(Boolean).join('?'), {
      cache: 'no-store',
    });
    return answer.ok ? OutsideFacts.safeParse(await answer.json()).data : undefined;
  } catch {
    return undefined;
  }
}
