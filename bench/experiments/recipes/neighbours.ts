import { randomBytes } from 'node:crypto';
import { cookiesOf, type Group, password, repeat, type Scene, summed, told } from './recipe.ts';

const guess = (scene: Scene, uid: string, guessed: string, cookie = '', from = '127.0.0.1') =>
  scene.call('POST', '/api/users/authenticate', {
    headers: { cookie },
    body: { uid, password: guessed },
    from,
  });

/** A cookie in the form of a device's, which nobody has signed. */
const forgedDevice = (id: number) =>
  `signet_device=${id}.${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`;

/** What one caller takes from others at the same address. */
export const neighbours: Group = {
  name: 'neighbours at one address',
  recipes: [
    {
      tried: '3000 forged refresh tokens, then a good one from the same address',
      expected: '3000 × 401 refresh_invalid; the good one 200',
      async run(scene) {
        const { refreshToken } = await scene.newUser();
        const path = '/api/sessions/refresh';
        const answers = await repeat(3000, 20, () =>
          scene.call('POST', path, { body: { refresh_token: 'x' } }),
        );
        const good = await scene.call('POST', path, { body: { refresh_token: refreshToken } });
        return `${summed(answers.map(told))}; the good one ${told(good)}`;
      },
    },
    {
      tried:
        'a neighbour guesses ten times; the owner signs in on a known device, and on a new one elsewhere',
      expected: '10 × 401 credentials_invalid, 2 × 429 too_many_requests; the owner 200, 200',
      async run(scene) {
        const { uid } = await scene.newUser();
        const device =
          cookiesOf(await guess(scene, uid, password)).find((pair) => pair.startsWith('signet_device=')) ??
          '';
        const answers = await repeat(12, 1, () => guess(scene, uid, 'a wrong guess'));
        const [known, elsewhere] = [
          await guess(scene, uid, password, device),
          await guess(scene, uid, password, '', '127.0.0.55'),
        ];
        return `${summed(answers.map(told))}; the owner ${told(known)}, ${told(elsewhere)}`;
      },
    },
    {
      tried:
        'a forged device cookie for each guess, a device cookie of another user, and spellings of one user id',
      expected: '15 × 429 too_many_requests, 10 × 401 credentials_invalid',
      async run(scene) {
        const [victim, mallory] = [await scene.newUser(), await scene.newUser()];
        const own =
          cookiesOf(await guess(scene, mallory.uid, password, '', '127.0.0.77')).find((pair) =>
            pair.startsWith('signet_device='),
          ) ?? '';
        const answers = await repeat(25, 5, (index) => {
          const cookie = index < 20 ? forgedDevice(victim.id) : own;
          const uid = index % 2 === 0 ? victim.uid : victim.uid.toUpperCase();
          return guess(scene, uid, 'a wrong guess', cookie, '127.0.0.77');
        });
        return summed(answers.map(told));
      },
    },
  ],
};
