import {
  ApiError,
  type Credentials,
  type Endpoint,
  endpoints,
  Problem,
  TokenAnswer,
} from '@signet/contracts';
import type { Probe, Probed } from '../probe.ts';
import type { ForeignFrame, ForeignOrder, Site } from './foreign-frame.ts';

/** The request of an attack, as far as this page can name it. */
export type Tried =
  | { readonly by: 'this page'; readonly endpoint: Endpoint; readonly answer: Probed }
  | {
      readonly by: 'a foreign page';
      readonly endpoint: Endpoint;
      readonly origin: string;
      readonly isPreflight: boolean;
      /** `read 200`, or the name of the error. */
      readonly outcome: string;
    };

export type Kit = ReturnType<typeof createKit>;

type KitDeps = {
  readonly probe: Probe;
  readonly frames: Pick<ForeignFrame, 'order' | 'originOf'>;
  readonly credentials: Credentials;
  readonly mint: (kind: 'expired' | 'other-audience') => Promise<string>;
};

/**
 * What attacks are made of. Every sign-in is a throw-away one and is ended by `cleanUp`, so that no attack costs the
 * reader's own session.
 */
export function createKit({ probe, frames, credentials, mint }: KitDeps) {
  const cleanings: (() => Promise<unknown>)[] = [];
  const { uid, password } = credentials;

  /** Signs in by bearer; script may have these tokens. */
  async function signIn(): Promise<TokenAnswer> {
    const answer = await probe(endpoints.createToken, {
      credentials: 'omit',
      body: { username: uid, password },
    });
    const tokens = TokenAnswer.parse(requireSuccess(answer).body);
    cleanings.push(() => signOut(tokens.token));
    return tokens;
  }

  /** Puts the cookie of a throw-away session into the browser. */
  async function signInByCookie(): Promise<void> {
    requireSuccess(await probe(endpoints.authenticateUser, { credentials: 'include', body: credentials }));
    cleanings.push(() => probe(endpoints.endCurrentSession, { credentials: 'include' }));
  }

  function signOut(token: string): Promise<Probed> {
    return probe(endpoints.endCurrentSession, { credentials: 'omit', token });
  }

  return {
    mint,
    signIn,
    signInByCookie,
    signOut,
    /** Sends a token in the header, alone. */
    async send(token: string): Promise<Tried> {
      const answer = await probe(endpoints.readProtected, { credentials: 'omit', token });
      return { by: 'this page', endpoint: endpoints.readProtected, answer };
    },
    /** Sends what the browser has in its cookies. */
    async sendCookies(): Promise<Tried> {
      const answer = await probe(endpoints.readProtected, { credentials: 'include' });
      return { by: 'this page', endpoint: endpoints.readProtected, answer };
    },
    async refresh(refresh_token: string): Promise<Tried> {
      const answer = await probe(endpoints.refreshSession, { credentials: 'omit', body: { refresh_token } });
      return { by: 'this page', endpoint: endpoints.refreshSession, answer };
    },
    /** Has the foreign page plant a cookie for the app, until the attack is over. */
    async plant(token: string): Promise<void> {
      cleanings.push(() => frames.order('same-site', { order: 'clear' }));
      await frames.order('same-site', { order: 'plant', token });
    },
    /** Has the foreign page send a request. */
    async sendFrom(site: Site, endpoint: Endpoint, order: ForeignOrder['order']): Promise<Tried> {
      const outcome = await frames.order(site, { order });
      return {
        by: 'a foreign page',
        endpoint,
        origin: frames.originOf(site),
        isPreflight: order === 'post-json',
        outcome,
      };
    },
    /** Ends every throw-away sign-in and removes planted cookies, the last first. */
    async cleanUp(): Promise<void> {
      for (const clean of cleanings.splice(0).reverse()) await clean().catch(() => undefined);
    },
  };
}

/** Throws the API's problem, as the client does. */
export function requireSuccess(answer: Probed): Probed {
  if (answer.status < 400) return answer;
  const problem = Problem.safeParse(answer.body);
  throw problem.success ? new ApiError(problem.data) : new Error(`The API answered ${answer.status}`);
}
