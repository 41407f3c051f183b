// Signs in with a client that @hey-api/openapi-ts made. Prints who it is.
import { client } from './sdk/client.gen.ts';
import { createToken, readProtected, readUser } from './sdk/sdk.gen.ts';

client.setConfig({ baseUrl: process.argv[2] ?? '' });
const { data: signedIn, error } = await createToken({ body: { username: 'toby', password: '123toby' } });
if (!signedIn) throw new Error(error.detail);
const { data: identity } = await readProtected({ auth: signedIn.token });
const { error: refused } = await readUser({ path: { id: '1' } });
process.stdout.write(`${identity?.username} ${refused?.code}\n`);
