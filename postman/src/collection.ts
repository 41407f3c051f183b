import { type CookieProfile, cookiePolicy } from '@signet/contracts';
import { about, audit } from './about.ts';
import { bearer } from './bearer.ts';
import { cookie } from './cookie.ts';
import { cors } from './cors.ts';
import { errors } from './errors.ts';
import { players } from './players.ts';
import { posts } from './posts.ts';
import { script } from './request.ts';
import { check } from './script.ts';
import { sessions } from './sessions.ts';
import { users } from './users.ts';

const description = `JSON Web Token authentication, request by request.

**To begin:** start the API with \`npm run dev\`, choose the environment *Signet: local* at the top right, and run a folder from top to bottom, or the whole collection with the runner. Each folder signs in by itself, tidies up after itself and can run again at once.

Two flows lead to the same data: **Bearer** (your code keeps the token and sends it) and **Cookie** (the browser does). Read the description of each request, then its *Scripts* tab, which tests what the description promises.`;

/** Checks that hold for every answer. */
const always = [
  check(
    'every answer has a request id and varies by origin',
    "pm.expect(pm.response.headers.has('X-Request-Id')).to.eql(true);",
    "pm.expect(pm.response.headers.get('Vary')).to.include('Origin');",
  ),
  check(
    'browsers do not guess the type of the answer, and it does not name the server software',
    "pm.expect(pm.response.headers.get('X-Content-Type-Options')).to.eql('nosniff');",
    "pm.expect(pm.response.headers.has('X-Powered-By')).to.eql(false);",
  ),
  check(
    'an error is a problem (RFC 9457) with every member',
    'if (pm.response.code < 400) return;',
    "pm.expect(pm.response.headers.get('Content-Type')).to.include('application/problem+json');",
    'const problem = pm.response.json();',
    "pm.expect(problem).to.include.keys('type', 'title', 'status', 'detail', 'code', 'request_id', 'message', 'data', 'error');",
    'pm.expect(problem.status).to.eql(pm.response.code);',
    "pm.expect(problem.type).to.eql('/problems/' + problem.code);",
    'pm.expect([problem.message, problem.error, problem.data]).to.eql([problem.detail, problem.title, null]);',
  ),
];

const variables = {
  base_url: 'http://localhost:8086',
  web_origin: 'http://localhost:4100',
  uid: 'toby',
  password: '123toby',
  signup: 'open',
  ...cookieNames('local'),
};

/** The folders, in the order in which Postman shows them. */
export const folders = [bearer, cookie, users, posts, players, sessions, errors, cors, audit, about];

/**
 * The collection in Postman's format 2.1. Requests pass values to later
 * requests in the collection's variables.
 */
export function createCollection() {
  return {
    info: {
      _postman_id: '5b0c1f6e-3a52-4b0e-9d53-7a1f2c0e8d46',
      name: 'Signet',
      description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: folders.map(({ item }) => item),
    event: [script('test', always)],
    variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
  };
}

export function createLocalEnvironment() {
  return environment('f2a1d7c4-95a8-4f3e-8c07-0d6b5e1a9b32', 'Signet: local', variables);
}

/**
 * The user fills in the address and an admin of that server. The cookies have their names under
 * `COOKIE_PROFILE=same-origin`.
 */
export function createDeployedEnvironment() {
  return environment('0c9e4b58-6d17-42fa-b3a6-e82f7d50c1a9', 'Signet: deployed', {
    ...variables,
    base_url: 'https://app.example.org',
    web_origin: 'https://app.example.org',
    uid: '',
    password: '',
    ...cookieNames('same-origin'),
  });
}

function cookieNames(profile: CookieProfile) {
  const { tokenName, refreshName } = cookiePolicy[profile];
  return { jwt_cookie_name: tokenName, refresh_cookie_name: refreshName };
}

function environment(id: string, name: string, values: Record<string, string>) {
  return {
    id,
    name,
    values: Object.entries(values).map(([key, value]) => ({
      key,
      value,
      type: key === 'password' ? 'secret' : 'default',
      enabled: true,
    })),
    _postman_variable_scope: 'environment',
  };
}
