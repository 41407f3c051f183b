import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stack, signIn, startStack } from './start-stack.ts';

let stack: Stack;
let context: BrowserContext;
let page: Page;
/** Known to this file, so that it can sign what only the API could. */
const secret = 'a secret of the tests of the inspector';
beforeAll(async () => {
  stack = await startStack({ env: { SECRET_KEY: secret } });
  return stack.stop;
});
beforeEach(async () => {
  context = await stack.browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const rung = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });

test('A changed claim fails the signature here, and the API names the rule that refuses it', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer', 'niko');
  await page.getByRole('link', { name: 'Inspector' }).click();
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText("The API accepts this token. It is niko's.").waitFor();
  await page.getByRole('textbox', { name: 'Value of sub' }).fill('"1"');
  await rung('Signature').getByText('You changed sub').waitFor();
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText('401 token_invalid').waitFor();
  await page.getByText(/^Rule signature: refused, because the signature does not belong/).waitFor();
  await rung('Signature').getByText('Judged by the API').waitFor();
  await rung('Header').getByText('Judged by the API').waitFor();
});

test('A pasted token leaves no request and no copy in storage until the API is asked', async () => {
  await page.goto(`${stack.webUrl()}/inspector`);
  await page.getByRole('heading', { name: 'Token inspector' }).waitFor();
  await page.waitForLoadState('networkidle');
  // The app loads further parts of itself from its own server; a token goes nowhere, and nothing goes to the API.
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.url()} ${request.postData() ?? ''}`));
  await page.getByRole('button', { name: 'An example' }).click();
  await page.getByRole('button', { name: 'Verify with this secret' }).click();
  await page.getByText('The signature holds under this secret.').waitFor();
  const pasted = await page.getByRole('textbox', { name: 'A token, or text' }).inputValue();
  expect(
    requests.filter((request) => request.startsWith(stack.apiUrl()) || request.includes(pasted)),
  ).toEqual([]);
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
  );
  expect(pasted).toMatch(/^eyJ/);
  expect(stored).not.toContain(pasted);
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText(/^Rule kid: refused/).waitFor();
});

test('The countdown of a token reaches zero, and its state changes', async () => {
  await page.clock.install();
  await page.goto(`${stack.webUrl()}/inspector`);
  await page.getByRole('button', { name: 'An example' }).click();
  await rung('Times').getByText('Holds').waitFor();
  await page.getByText('Expires in', { exact: true }).waitFor();
  await page.clock.fastForward(3601 * 1000);
  await rung('Times').getByText('It has expired').waitFor();
  await page.getByText('Expired', { exact: true }).waitFor();
});

test('The log of the API shows how tokens arrived and which rule refused them, and no token', async () => {
  await page.goto(`${stack.webUrl()}/inspector`);
  await fetch(`${stack.apiUrl()}/protected`, { headers: { authorization: 'Bearer undefined' } });
  await page.getByRole('button', { name: 'From the log' }).click();
  const list = page.getByRole('list', { name: 'Tokens in the log' });
  await list.getByText('In Authorization, scheme bearer: the word undefined.').waitFor();
  await list.getByText(/^Stopped at Shape, by the rule token-shape/).waitFor();
  const answer = await fetch(`${stack.apiUrl()}/protected`);
  await page.goto(`${stack.webUrl()}/inspector?exchange=${answer.headers.get('x-request-id')}`);
  await page.getByText('It carried no token.').waitFor();
  expect(await page.getByRole('list', { name: 'Tokens in the log' }).getByRole('listitem').count()).toBe(1);
});

test('In the cookie flow the API says what script cannot read: the session, its times and the length of the token', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'cookie', 'niko');
  await page.getByRole('link', { name: 'Inspector' }).click();
  await page.getByRole('button', { name: 'Ask the API about it' }).click();
  const [cookie] = (await context.cookies()).filter(({ name }) => name === 'jwt');
  await page.getByText(`${cookie?.value.length} bytes`).waitFor();
  const { sid } = JSON.parse(atob(cookie?.value.split('.')[1] ?? ''));
  await page.getByText(sid, { exact: true }).waitFor();
  await page.getByText('HS256, under a secret that only the API has').waitFor();
});

test('A token that was signed with a well-known secret is said to be so before the own secret is judged', async () => {
  await page.goto(`${stack.webUrl()}/inspector`);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: '1' })}`;
  const signature = createHmac('sha256', 'changeme').update(input).digest('base64url');
  await page.getByRole('textbox', { name: 'A token, or text' }).fill(`${input}.${signature}`);
  await page.getByRole('button', { name: 'Verify here' }).click();
  await page.getByRole('button', { name: 'Try common secrets' }).click();
  await page.getByText(/its secret is “changeme”/).waitFor();
  await rung('Signature').getByText('Holds', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'An example' }).click();
  // The example is signed in the page before it replaces the token.
  await page.getByRole('textbox', { name: 'Value of _uid' }).waitFor();
  await page.getByRole('button', { name: 'Verify with this secret' }).click();
  await page.getByText(/^None of \d+ common secrets made this signature/).waitFor();
});

test('The public keys of the API are shown when they are fetched, with the one that the token names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-keys-'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = join(folder, 'key.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signed = await startStack({ env: { JWT_ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: file } });
  try {
    const own = await signed.browser.newPage();
    await own.goto(signed.webUrl());
    await signIn(own, 'bearer', 'niko');
    await own.getByRole('link', { name: 'Inspector' }).click();
    await own.getByRole('button', { name: 'Verify here' }).click();
    await own.getByRole('button', { name: 'Fetch the public keys and verify' }).click();
    await own.getByText('The signature holds under the public key that kid names.').waitFor();
    const keys = own.getByRole('list', { name: 'Public keys of the API' });
    await keys.getByText(/^EC, P-256, ES256 · named by kid of this token$/).waitFor();
  } finally {
    await signed.stop();
    rmSync(folder, { recursive: true });
  }
});

test('Each rule for a token in the Authorization header refuses some pasted token, and is named', async () => {
  const signIn = await fetch(`${stack.apiUrl()}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'niko', password: '123niko' }),
  });
  const good: string = (await signIn.json()).token;
  const cookie = await fetch(`${stack.apiUrl()}/api/users/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uid: 'niko', password: '123niko' }),
  });
  const [ofCookie = ''] = /(?<=^jwt=)[^;]+/.exec(cookie.headers.get('set-cookie') ?? '') ?? [];
  const [head = '', payload = '', signature = ''] = good.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const [header, claims] = [read(head), read(payload)];
  const encode = (part: unknown) =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
  const forge = (headerPart: unknown, payloadPart: unknown) => {
    const input = `${encode(headerPart)}.${encode(payloadPart)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const tokens: Record<string, string> = {
    'token-size': forge(header, { ...claims, pad: 'x'.repeat(4096) }),
    'token-shape': `${good}.${signature}`,
    base64url: `${head}.${payload}.`,
    'header-json': forge('{"alg":"HS256","alg":"none"}', claims),
    'header-member': forge({ ...header, crit: ['exp'] }, claims),
    typ: forge({ ...header, typ: 'JWT' }, claims),
    alg: forge({ ...header, alg: 'none' }, claims),
    kid: forge({ ...header, kid: 'unknown' }, claims),
    signature: `${head}.${encode({ ...claims, sub: '1' })}.${signature}`,
    'payload-json': forge(header, '"text"'),
    claims: forge(header, { ...claims, sid: undefined }),
    iss: forge(header, { ...claims, iss: 'https://other.example' }),
    aud: forge(header, { ...claims, aud: 'other' }),
    lifetime: forge(header, { ...claims, exp: claims.iat + 3601 }),
    'not-before': forge(header, { ...claims, nbf: claims.iat + 600 }),
    exp: forge(header, { ...claims, iat: claims.iat - 3600, exp: claims.iat - 1 }),
    session: forge(header, { ...claims, sid: 'B'.repeat(22) }),
    carrier: ofCookie,
    sub: forge(header, { ...claims, sub: '1' }),
  };
  await page.goto(`${stack.webUrl()}/inspector`);
  const named: Record<string, string> = {};
  for (const [rule, token] of Object.entries(tokens)) {
    await page.getByRole('textbox', { name: 'A token, or text' }).fill(token);
    await page.getByRole('button', { name: 'Ask the API' }).click();
    const said = page.getByText(/^Rule \S+: refused, because/);
    // The answer to the token before is taken away with that token.
    await said.waitFor();
    named[rule] = /^Rule (\S+):/.exec(await said.innerText())?.[1] ?? '';
    await page.getByRole('textbox', { name: 'A token, or text' }).fill('');
    await said.waitFor({ state: 'detached' });
  }
  expect(named).toEqual(Object.fromEntries(Object.keys(tokens).map((rule) => [rule, rule])));
});

test('A token is read from a file that is dropped on the field', async () => {
  await page.goto(`${stack.webUrl()}/inspector`);
  const field = page.getByRole('textbox', { name: 'A token, or text' });
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.\n'], 'token.txt'));
    return data;
  });
  await field.dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByRole('textbox', { name: 'Value of sub' }).waitFor();
  await page.getByText('Found in an Authorization header.').waitFor();
});
