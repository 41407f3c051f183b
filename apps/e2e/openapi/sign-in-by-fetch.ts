// Signs in with a client whose types openapi-typescript made. Prints who it is.
import createClient from 'openapi-fetch';
import type { paths } from './paths.ts';

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
const { data: signedIn, error } = await client.POST('/token', {
  body: { username: 'toby', password: '123toby' },
});
if (!signedIn) throw new Error(error.detail);
const { data: identity } = await client.GET('/protected', {
  headers: { authorization: `Bearer ${signedIn.token}` },
});
const { error: refused } = await client.GET('/api/users/{id}', { params: { path: { id: '1' } } });
process.stdout.write(`${identity?.username} ${refused?.code}\n`);
