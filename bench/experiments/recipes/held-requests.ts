import { json } from '../../rig/calls.ts';
import { openRequest, outcomeOf } from '../../rig/raw.ts';
import { type Group, password, type Scene, type User } from './recipe.ts';

/** A user whom the demo's admin has made an admin. */
async function newAdmin(scene: Scene): Promise<{ user: User; boss: string }> {
  const [user, boss] = [await scene.newUser(), await scene.admin()];
  await scene.call('PATCH', `/api/users/${user.id}`, { token: boss, body: { role: 'admin' } });
  return { user, boss };
}

function open(scene: Scene, { token }: User, line: string, body: string, type = 'application/json') {
  const head =
    `${line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return openRequest(scene.port, head, body.slice(0, -1));
}

const form = '--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nheld\r\n--b--\r\n';

/** Requests that begin with a right and end without it: all but one byte is sent before it is lost. */
export const heldRequests: Group = {
  name: 'requests that are held back',
  recipes: [
    {
      tried:
        'a demoted admin whose sessions ended finishes requests that were open: own role, new admin, post, form, password',
      expected:
        '401 session_ended, 401 session_ended, 401 session_ended, 401 session_ended, 401 session_ended; role user, sign-in of the new admin 401',
      async run(scene) {
        const { user, boss } = await newAdmin(scene);
        const made = `accomplice-of-${user.uid}`;
        const bodies: [string, string, string?][] = [
          [`PATCH /api/users/${user.id}`, '{"role":"admin"}'],
          ['POST /api/users', JSON.stringify({ name: 'Mal Lory', uid: made, password, role: 'admin' })],
          ['POST /api/posts', '{"note":"held"}'],
          ['POST /api/posts', form, 'multipart/form-data; boundary=b'],
          [
            'PUT /api/users/me/password',
            JSON.stringify({ current_password: password, new_password: `${password}!` }),
          ],
        ];
        const held = await Promise.all(bodies.map((each) => open(scene, user, ...each)));
        await scene.call('PATCH', `/api/users/${user.id}`, { token: boss, body: { role: 'user' } });
        await scene.call('DELETE', `/api/users/${user.id}/sessions`, { token: boss });
        const ends = bodies.map(([, body]) => body.slice(-1));
        const answers = await Promise.all(held.map(({ finish }, index) => finish(ends[index] ?? '')));
        const { role } = json<{ role: string }>(
          await scene.call('GET', `/api/users/${user.id}`, { token: boss }),
        );
        const signIn = await scene.call('POST', '/token', { body: { username: made, password } });
        return `${answers.map(outcomeOf).join(', ')}; role ${role}, sign-in of the new admin ${signIn.status}`;
      },
    },
    {
      tried: 'an admin who was only demoted finishes a grant that was open',
      expected: '403 forbidden; role user',
      async run(scene) {
        const { user, boss } = await newAdmin(scene);
        const held = await open(scene, user, `PATCH /api/users/${user.id}`, '{"role":"admin"}');
        await scene.call('PATCH', `/api/users/${user.id}`, { token: boss, body: { role: 'user' } });
        const answer = await held.finish('}');
        const { role } = json<{ role: string }>(
          await scene.call('GET', `/api/users/${user.id}`, { token: boss }),
        );
        return `${outcomeOf(answer)}; role ${role}`;
      },
    },
    {
      tried: 'a deleted user finishes a post that was open',
      expected: '401 session_ended; posts with the note 0',
      async run(scene) {
        const { user, boss } = await newAdmin(scene);
        const note = `held by ${user.uid}`;
        const held = await open(scene, user, 'POST /api/posts', JSON.stringify({ note }));
        await scene.call('DELETE', `/api/users/${user.id}`, { token: boss });
        const answer = await held.finish('}');
        const posts = json<{ note: string }[]>(
          await scene.call('GET', '/api/posts?limit=500', { token: boss }),
        );
        return `${outcomeOf(answer)}; posts with the note ${posts.filter((post) => post.note === note).length}`;
      },
    },
    {
      tried: 'a user who signed out finishes a body in chunks that was open',
      expected: '401 session_ended',
      async run(scene) {
        const user = await scene.newUser();
        const head =
          `POST /api/posts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${user.token}\r\n` +
          'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
        const held = await openRequest(scene.port, head, 'f\r\n{"note":"held"}\r\n');
        await scene.call('DELETE', '/api/sessions/current', { token: user.token });
        return outcomeOf(await held.finish('0\r\n\r\n'));
      },
    },
  ],
};
