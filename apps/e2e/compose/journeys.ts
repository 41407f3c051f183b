import { postmanFiles } from '@signet/postman';
import newman from 'newman';
import { expect } from 'vitest';
import { ask } from '../test/start-nginx.ts';
import {
  collectComplaints,
  signedInAs,
  signIn,
  signInForm,
  signOut,
  startBrowser,
} from '../test/start-stack.ts';

/** Runs both flows in a browser, and the whole Postman collection. */
export async function walkThrough({ webUrl, apiUrl }: { webUrl: string; apiUrl: string }): Promise<void> {
  const browser = await startBrowser();
  try {
    for (const carrier of ['bearer', 'cookie'] as const) {
      const context = await browser.newContext();
      const complaints = collectComplaints(context);
      const page = await context.newPage();
      await page.goto(`${webUrl}/sign-in`);
      await signInForm(page).waitFor();
      await signIn(page, carrier);
      await page.reload();
      await signedInAs(page).waitFor();
      await page.getByRole('link', { name: 'Users' }).first().click();
      await page.getByText('Grace Hopper').first().waitFor();
      await page.goto(webUrl);
      await signedInAs(page).waitFor();
      await signOut(page);
      expect(complaints).toEqual([]);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  expect(await runCollection(apiUrl)).toEqual([]);
  expect((await ask(apiUrl, 'GET', '/metrics')).status).toBe(404);
}

function runCollection(base_url: string): Promise<string[]> {
  const files = postmanFiles();
  const read = (name: string) => JSON.parse(files[name] ?? 'null');
  return new Promise((resolve, reject) => {
    newman.run(
      {
        collection: read('Signet.postman_collection.json'),
        environment: read('Local.postman_environment.json'),
        envVar: [{ key: 'base_url', value: base_url }],
        timeoutRequest: 60_000,
        reporters: [],
      },
      (error, summary) => {
        if (error) return reject(error);
        resolve(summary.run.failures.map(({ source, error: { message } }) => `${source?.name}: ${message}`));
      },
    );
  });
}

export async function signInAt(apiUrl: string, username = 'niko'): Promise<string> {
  const { status, text } = await ask(apiUrl, 'POST', '/token', {
    body: JSON.stringify({ username, password: `123${username}` }),
  });
  if (status !== 200) throw new Error(`sign-in: ${status} ${text}`);
  return JSON.parse(text).token;
}

/** Tokens of several users, because each may write 120 times a minute only. */
export function signInAsSeveral(apiUrl: string): Promise<string[]> {
  return Promise.all(['niko', 'toby', 'hop'].map((username) => signInAt(apiUrl, username)));
}
