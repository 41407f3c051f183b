import { encode, encodeBytes } from '../../token/inspect.ts';
import { signExample } from '../../token/verify.ts';

export const exampleSecret = 'a-secret-to-try-the-inspector-with';

/** A token signed in this page with `exampleSecret`: no API accepts it, and it verifies here. */
export async function createExample(nowSeconds: number): Promise<string> {
  const iat = Math.floor(nowSeconds);
  const header = { alg: 'HS256', typ: 'at+jwt', kid: 'example' };
  const claims = {
    iss: 'http://localhost:8086',
    aud: 'signet',
    sub: '2',
    _uid: 'niko',
    sid: 'an_example_of_a_sessio',
    jti: 'an_example_of_a_token',
    iat,
    exp: iat + 3600,
  };
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${encodeBytes(await signExample(signed, exampleSecret))}`;
}
