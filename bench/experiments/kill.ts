import { setTimeout as delay } from 'node:timers/promises';
import { type Api, startApi } from '../rig/api.ts';
import { createCaller, json, startLoops } from '../rig/calls.ts';
import { engines, freshDatabase } from '../rig/databases.ts';
import { tally } from '../rig/figures.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { signInNewUsers } from '../rig/users.ts';

const rounds = 20;
const writers = 8;
/** The writers take turns with these, because one user may write 120 times a minute. */
const users = 80;

type Post = { readonly id: number; readonly note: string };

/**
 * `kill -9` during writes, repeatedly: every acknowledged write is
 * stored, with its last acknowledged content.
 */
export async function kill(stage: Stage): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const engine of engines) {
    say(`kill: ${writers} writers, kill -9 ${rounds} times, on ${engine}`);
    const { env, folder } = await freshDatabase(stage, engine);
    /** By id, the note that the API acknowledged. */
    const acknowledged = new Map<number, string>();
    /** Changes without an answer before the kill. They may be stored or not. */
    const uncertain = new Map<number, string>();
    const others: string[] = [];
    const starts: number[] = [];

    const start = async () => {
      const began = performance.now();
      const api = await startApi(stage, { env, folder });
      starts.push(performance.now() - began);
      return api;
    };
    let api = await start();
    const tokens = await signInNewUsers(api.port, users);
    let turn = 0;

    for (let round = 1; round <= rounds; round += 1) {
      const loops = startLoops(writers, api.port, async ({ call }, index) => {
        const token = tokens[turn++ % users] ?? '';
        const note = `${engine}, round ${round}, writer ${index}, ${Math.random()}`;
        const made = await call('POST', '/api/posts', { token, body: { note } });
        if (made.status !== 201)
          return void (made.status === 0 ? await delay(5) : others.push(`${made.status}`));
        const { id } = json<Post>(made);
        acknowledged.set(id, note);
        const changed = await call('PATCH', `/api/posts/${id}`, {
          token,
          body: { note: `${note}, changed` },
        });
        if (changed.status === 200) acknowledged.set(id, `${note}, changed`);
        else uncertain.set(id, `${note}, changed`);
      });
      await delay(300 + Math.random() * 700);
      await api.end('SIGKILL');
      await loops.stop();
      api = await start();
    }

    const stored = await readPosts(api, tokens[0] ?? '');
    const lost = [...acknowledged].filter(
      ([id, note]) => stored.get(id) !== note && stored.get(id) !== (uncertain.get(id) ?? note),
    );
    say(
      `  ${acknowledged.size} posts acknowledged, ${uncertain.size} changes unanswered; ready again after ${Math.max(...starts).toFixed(0)} ms at most`,
    );
    claims.push(
      claim(acknowledged.size > rounds * writers, `${engine}: there was something to lose in every round`),
    );
    claims.push(
      claim(
        lost.length === 0,
        `${engine}: every acknowledged write is there after ${rounds} kills; lost: ${lost.length}`,
      ),
    );
    claims.push(
      claim(
        others.length === 0,
        `${engine}: nothing but answers and cut connections; others: ${tally(others)}`,
      ),
    );
    await api.end('SIGTERM');
  }
  return claims;
}

/** All posts, page by page, with the token from before the first kill: the session has survived too. */
async function readPosts({ port }: Api, token: string): Promise<Map<number, string>> {
  const { call, close } = createCaller({ port });
  const posts = new Map<number, string>();
  for (let path: string | undefined = '/api/posts?limit=500'; path !== undefined; ) {
    const answer = await call('GET', path, { token });
    if (answer.status !== 200)
      throw new Error(`Reading posts: ${answer.status} ${answer.failure ?? answer.text}`);
    for (const { id, note } of json<Post[]>(answer)) posts.set(id, note);
    path = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1];
  }
  close();
  return posts;
}
