import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { startApi } from '../../rig/api.ts';
import { createCaller, json, signIn as signInAt } from '../../rig/calls.ts';
import { mountTiny } from '../../rig/file-systems.ts';
import { formHeaders, formOf, pictureOf } from '../../rig/pictures.ts';
import { memoryMegabytes } from '../../rig/usage.ts';
import { type Group, password, repeat, type Scene, summed, told, type User } from './recipe.ts';

const pictureBytes = 5 * 1024 * 1024;
const maxMegabytes = 400;

/** Connections that each send these bytes and then neither send nor read. */
function holdMany({ port }: Scene, count: number, bytes: Buffer): { close: () => void } {
  const sockets: Socket[] = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .pause();
    socket.write(bytes);
    return socket;
  });
  return { close: () => void sockets.forEach((socket) => void socket.destroy()) };
}

function request(line: string, token: string, more = ''): Buffer {
  return Buffer.from(`${line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`);
}

/** What an honest caller gets while the connections are held, and whether the API's memory is bounded. */
async function beside(scene: Scene, held: { close: () => void }): Promise<string> {
  const honest = await scene.newUser();
  const answers = [];
  for (let index = 0; index < 20; index += 1) {
    answers.push(await scene.call('GET', '/protected', { token: honest.token }));
    await delay(100);
  }
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  held.close();
  const { peak } = memoryMegabytes(scene.api.pid);
  const memory = peak < maxMegabytes ? `below ${maxMegabytes} MB` : `${peak.toFixed(0)} MB`;
  return `others ${summed(answers.map(told))}, ${slowest < 1500 ? 'in time' : `after ${slowest.toFixed(0)} ms`}; ${memory}`;
}

const whileHeld = `others 20 × 200, in time; below ${maxMegabytes} MB`;

/** What one plain account can use up. */
export const floods: Group = {
  name: 'one account that takes all it can',
  recipes: [
    {
      tried: '100 uploads are held short of their end',
      expected: whileHeld,
      async run(scene) {
        const { token } = await scene.newUser();
        const body = formOf('held', pictureOf(pictureBytes)).subarray(0, -500);
        const headers = `Content-Type: ${formHeaders['content-type']}\r\nContent-Length: ${body.length + 500}\r\n`;
        return beside(
          scene,
          holdMany(scene, 100, Buffer.concat([request('POST /api/posts', token, headers), body])),
        );
      },
    },
    {
      tried: '150 readers ask for an image of 5 MiB and read nothing',
      expected: whileHeld,
      async run(scene) {
        const { token } = await scene.newUser();
        const made = await scene.call('POST', '/api/posts', {
          token,
          headers: formHeaders,
          body: formOf('large', pictureOf(pictureBytes)),
        });
        const id = /"id":(\d+)/.exec(made.text)?.[1];
        return beside(scene, holdMany(scene, 150, request(`GET /api/posts/${id}/image`, token)));
      },
    },
    {
      tried: '60 readers ask for a page of long notes and read nothing',
      expected: whileHeld,
      async run(scene) {
        const { token } = await scene.newUser();
        await repeat(100, 4, () =>
          scene.call('POST', '/api/posts', { token, body: { note: '字'.repeat(9990) } }),
        );
        return beside(scene, holdMany(scene, 60, request('GET /api/posts?limit=500', token)));
      },
    },
    {
      tried: 'one user makes accounts, 420 of them, 60 at a time; 15 others sign in meanwhile',
      expected: '60 × 201, then only 429 and 503; the others 15 × 200',
      isDirectOnly: true,
      async run(scene) {
        const { token } = await scene.newUser();
        const others = await repeat(3, 1, () => scene.newUser());
        const making = repeat(420, 60, (index) =>
          scene.call('POST', '/api/users', {
            token,
            body: { name: 'Puppet', uid: `puppet-${index}`, password },
          }),
        );
        const signedIn = await repeat(15, 1, (index) =>
          scene.call('POST', '/token', { body: { username: others[index % 3]?.uid, password } }),
        );
        const outcomes = (await making).map(({ status }) => status);
        const made = outcomes.filter((status) => status === 201).length;
        const strange = outcomes.filter((status) => ![201, 429, 503].includes(status));
        const rest = strange.length === 0 ? 'then only 429 and 503' : `and ${strange.join(' ')}`;
        return `${made <= 60 && made > 0 ? '60' : made} × 201, ${rest}; the others ${summed(signedIn.map(told))}`;
      },
    },
    {
      tried: 'one user stores images of 5 MiB, two at a time, and then a note; another user stores one',
      expected: '19 × 201, 11 × 403 quota_reached; the note 201; the other 201',
      async run(scene) {
        const upload = ({ token }: User) =>
          scene.call('POST', '/api/posts', {
            token,
            headers: formHeaders,
            body: formOf('x', pictureOf(pictureBytes)),
          });
        const [greedy, other] = [await scene.newUser(), await scene.newUser()];
        const answers = await repeat(30, 2, () => upload(greedy));
        const note = await scene.call('POST', '/api/posts', { token: greedy.token, body: { note: 'small' } });
        return `${summed(answers.map(told))}; the note ${told(note)}; the other ${told(await upload(other))}`;
      },
    },
    {
      tried:
        'one user fills a disk of 96 MB with images; another signs in, refreshes and ends all sessions, and an admin deletes the culprit',
      expected:
        'refused in the end; sign-in 200, refresh 200, end of the sessions 204, recorded; deletion 204',
      isDirectOnly: true,
      isForSqliteOnly: true,
      async run({ stage }) {
        if (userInfo().uid !== 0) return 'only root may mount the file system that this needs';
        const api = await startApi(stage, {
          folder: mountTiny(stage, 96),
          env: { USER_MAX_BYTES: String(10 ** 9) },
        });
        const { call, close } = createCaller({ port: api.port });
        const { token } = await signInAt(api.port, 'niko', '123niko');
        const admin = await signInAt(api.port);
        let last = 201;
        for (let count = 0; last === 201 && count < 40; count += 1)
          last = (
            await call('POST', '/api/posts', {
              token,
              headers: formHeaders,
              body: formOf('x', pictureOf(pictureBytes)),
            })
          ).status;
        const signIn = await call('POST', '/token', { body: { username: 'hop', password: '123hop' } });
        const refreshed = await call('POST', '/api/sessions/refresh', {
          body: { refresh_token: admin.refresh_token },
        });
        const { token: hop } = json<{ token: string }>(signIn);
        const ended = await call('DELETE', '/api/sessions', { token: hop });
        const events = await call('GET', '/api/audit?event=session_ended', { token: admin.token });
        const recorded = events.text.includes('"session_ended"') ? 'recorded' : 'not recorded';
        const deleted = await call('DELETE', '/api/users/2', { token: admin.token });
        close();
        await api.end('SIGTERM');
        const end = [403, 429, 503].includes(last) ? 'refused' : `not refused (${last})`;
        return `${end} in the end; sign-in ${told(signIn)}, refresh ${told(refreshed)}, end of the sessions ${told(ended)}, ${recorded}; deletion ${told(deleted)}`;
      },
    },
  ],
};
