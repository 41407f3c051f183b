import { json } from '../../rig/calls.ts';
import { outcomeOf, sendRaw } from '../../rig/raw.ts';
import { cookiesOf, type Group, password, type Scene, told, type User } from './recipe.ts';

const evil = 'http://attacker.example';

async function cookiesOfUser(scene: Scene, { uid }: User): Promise<{ jwt: string; refresh: string }> {
  const pairs = cookiesOf(await scene.call('POST', '/api/users/authenticate', { body: { uid, password } }));
  const find = (name: string) => pairs.find((pair) => pair.startsWith(`${name}=`)) ?? '';
  return { jwt: find('jwt'), refresh: find('jwt_refresh') };
}

const get = (host: string, target = '/protected') =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

/** What foreign pages make a browser send, and what no browser sends. */
export const browsers: Group = {
  name: 'foreign pages and malformed requests',
  recipes: [
    {
      tried: 'a rebound name signs in, and names that only look like ours ask',
      expected:
        '421 host_unknown; 421 host_unknown, 421 host_unknown, 421 host_unknown, 421 host_unknown, 421 host_unknown',
      async run(scene) {
        const headers = { host: `attacker.example:${scene.port}`, origin: `${evil}:${scene.port}` };
        const body = { username: 'toby', password: '123toby' };
        const signedIn = await scene.call('POST', '/token', { headers, body });
        const hosts = ['localhost.attacker.example', '0.0.0.0', 'attacker-localhost', '2130706433', '0x7f.1'];
        const answers = await Promise.all(hosts.map((host) => sendRaw(scene.port, get(host))));
        return `${told(signedIn)}; ${answers.map(outcomeOf).join(', ')}`;
      },
    },
    {
      tried: 'a target in absolute form names a foreign host, or is no URL',
      expected:
        '421 host_unknown, 400 invalid_request, 400 invalid_request; each is a problem with a request id',
      isDirectOnly: true,
      async run({ port }) {
        const targets = [`${evil}/protected`, 'http://[::1/x', 'http://toby:123toby@localhost/protected'];
        const answers = await Promise.all(targets.map((target) => sendRaw(port, get('localhost', target))));
        const areWhole = answers.every(
          (text) => /\r\nX-Request-Id: .*\r\n/i.test(text) && text.includes('"type":"/problems/'),
        );
        return `${answers.map(outcomeOf).join(', ')}; each is ${areWhole ? '' : 'not '}a problem with a request id`;
      },
    },
    {
      tried:
        'a body whose end two programs could see at two places: both lengths, an unknown coding, two lengths, chunks in HTTP/1.0',
      expected: '400 invalid_request, 400 invalid_request, 400 invalid_request, 400 invalid_request',
      isDirectOnly: true,
      async run({ port }) {
        const fields = [
          'Content-Length: 4\r\nTransfer-Encoding: chunked',
          'Transfer-Encoding: gzip, chunked',
          'Content-Length: 4\r\nContent-Length: 5',
        ];
        const requests = fields.map(
          (field) => `POST /token HTTP/1.1\r\nHost: localhost\r\n${field}\r\n\r\n0\r\n\r\n`,
        );
        requests.push(
          'POST /token HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        );
        const answers = await Promise.all(requests.map((request) => sendRaw(port, request)));
        return answers.map(outcomeOf).join(', ');
      },
    },
    {
      tried:
        'a page of another origin uses the cookie: null origin, fetch metadata, a form, a refresh, a sign-in',
      expected:
        '403 origin_refused, 403 origin_refused, 403 origin_refused, 403 origin_refused, 403 origin_refused; the session 200',
      async run(scene) {
        const user = await scene.newUser();
        const { jwt, refresh } = await cookiesOfUser(scene, user);
        const cookie = `${jwt}; ${refresh}`;
        const note = { note: 'forged' };
        const form = { 'content-type': 'multipart/form-data; boundary=b', origin: evil };
        const answers = [
          await scene.call('POST', '/api/posts', { headers: { cookie, origin: 'null' }, body: note }),
          await scene.call('POST', '/api/posts', {
            headers: { cookie, 'sec-fetch-site': 'cross-site' },
            body: note,
          }),
          await scene.call('POST', '/api/posts', {
            headers: { cookie, ...form },
            body: Buffer.from('--b--'),
          }),
          await scene.call('POST', '/api/sessions/refresh', { headers: { cookie, origin: evil } }),
          await scene.call('POST', '/api/users/authenticate', {
            headers: { origin: evil },
            body: { uid: user.uid, password },
          }),
        ];
        const after = await scene.call('GET', '/protected', { headers: { cookie: jwt } });
        return `${answers.map(told).join(', ')}; the session ${told(after)}`;
      },
    },
    {
      tried:
        "a sibling site tosses its refresh cookie: beside the victim's token, and beside the victim's own refresh cookie",
      expected: '401 refresh_invalid, 200 as the victim; with two tokens 401 cookies_ambiguous',
      async run(scene) {
        const [victim, mallory] = [await scene.newUser(), await scene.newUser()];
        const [own, foreign] = [await cookiesOfUser(scene, victim), await cookiesOfUser(scene, mallory)];
        const ask = (...pairs: string[]) =>
          scene.call('POST', '/api/sessions/refresh', { headers: { cookie: pairs.join('; ') } });
        const alone = await ask(own.jwt, foreign.refresh);
        const both = await ask(own.jwt, foreign.refresh, own.refresh);
        const two = await ask(own.jwt, foreign.jwt, own.refresh);
        const { data } = json<{ data: { user: { id: number } } | null }>(both);
        const who = data?.user.id === victim.id ? 'the victim' : 'somebody else';
        return `${told(alone)}, ${told(both)} as ${who}; with two tokens ${told(two)}`;
      },
    },
    {
      tried:
        'a page of another origin embeds an image, an error and the list of posts, and asks for a permission',
      expected: 'same-origin, same-origin, same-origin; 403 without a grant',
      async run(scene) {
        const { jwt } = await cookiesOfUser(scene, await scene.newUser());
        const headers = { cookie: jwt, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
        const paths = ['/api/posts/1/image', '/there-is-nothing', '/api/posts'];
        const answers = await Promise.all(paths.map((path) => scene.call('GET', path, { headers })));
        const preflight = await scene.call('OPTIONS', '/api/posts', {
          headers: { origin: evil, 'access-control-request-method': 'POST' },
        });
        const grant = Object.keys(preflight.headers).some((name) => name.startsWith('access-control-allow'));
        const policies = answers.map(({ headers: all }) => all['cross-origin-resource-policy']);
        return `${policies.join(', ')}; ${preflight.status} ${grant ? 'with' : 'without'} a grant`;
      },
    },
    {
      tried: 'a page of another origin opens the trace as a stream, and as an image; a rebound name reads it',
      expected: '403 origin_refused, 403 origin_refused, 421 host_unknown',
      async run(scene) {
        const path = '/api/exchanges?after=start';
        const attempts = [{ origin: evil }, { 'sec-fetch-site': 'cross-site' }, { host: 'attacker.example' }];
        const answers = await Promise.all(
          attempts.map((headers) => scene.call('GET', path, { headers: headers as Record<string, string> })),
        );
        return answers.map(told).join(', ');
      },
    },
    {
      tried: 'more streams of the trace than it has places for, then all are closed',
      expected: '4 open, then 503 overloaded; afterwards 200',
      async run({ port }) {
        const request = 'GET /api/exchanges HTTP/1.1\r\nHost: localhost\r\n\r\n';
        const held = Array.from({ length: 6 }, () => sendRaw(port, request, 1500));
        const answers = (await Promise.all(held)).map(outcomeOf);
        const open = answers.filter((outcome) => outcome === '200').length;
        const refused = answers.find((outcome) => outcome !== '200');
        const after = outcomeOf(await sendRaw(port, request, 1500));
        return `${open} open, then ${refused}; afterwards ${after}`;
      },
    },
    {
      tried: 'the viewer of /docs is asked to load the description of another server',
      expected: 'the same page, which may connect to its own origin only',
      async run(scene) {
        const [plain, lured] = [
          await scene.call('GET', '/docs'),
          await scene.call('GET', `/docs?url=${evil}/openapi.json&configUrl=${evil}/config.json`),
        ];
        const policy = String(lured.headers['content-security-policy']);
        const isClosed = policy.includes("connect-src 'self';") && policy.includes("script-src 'self';");
        return lured.text === plain.text && isClosed
          ? 'the same page, which may connect to its own origin only'
          : `another page, or the policy ${policy}`;
      },
    },
    {
      tried: 'one request with a path of 30 kB and an origin of 45 kB',
      expected: 'the longest line of the log has 2048 bytes at most',
      isDirectOnly: true,
      async run({ api, port }) {
        const path = `/${'a'.repeat(30_000)}`;
        await sendRaw(
          port,
          `GET ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://${'b'.repeat(45_000)}\r\nConnection: close\r\n\r\n`,
        );
        const longest = Math.max(
          ...api
            .output()
            .split('\n')
            .map((line) => Buffer.byteLength(line)),
        );
        return `the longest line of the log has ${longest <= 2048 ? '2048' : longest} bytes at most`;
      },
    },
  ],
};
