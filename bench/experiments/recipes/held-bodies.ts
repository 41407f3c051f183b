import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { familyOf, memoryMegabytes } from '../../rig/usage.ts';
import { type Group, type Scene, summed, told } from './recipe.ts';

const count = 1000;
const bodyBytes = 99_000;
const maxMegabytes = { api: 400, nginx: 128 } as const;

/** Connections that each send all but the last byte of a large JSON body, and then one byte now and then. */
function trickle({ port }: Scene, path: string, headers = ''): { close: () => void } {
  const body = Buffer.from(`{"username":"${'a'.repeat(bodyBytes - 30)}"`);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}Content-Length: ${body.length + 20}\r\n\r\n`;
  const sockets: Socket[] = Array.from({ length: count }, (_, index) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.${1 + (index % 50)}.2` });
    socket.on('error', () => {}).resume();
    socket.write(head);
    socket.write(body);
    return socket;
  });
  const timer = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write(' ');
  }, 4000);
  return {
    close() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function sufferTrickle(scene: Scene, path: string, headers?: string): Promise<string> {
  const honest = await scene.newUser();
  const held = trickle(scene, path, headers);
  const answers = [];
  for (let index = 0; index < 12; index += 1) {
    await delay(500);
    answers.push(await scene.call('POST', '/api/posts', { token: honest.token, body: { note: 'honest' } }));
  }
  const memory = [
    `the API ${bounded(memoryMegabytes(scene.api.pid).now, maxMegabytes.api)}`,
    ...(scene.nginxPid === undefined
      ? []
      : [`nginx ${bounded(nginxMegabytes(scene.nginxPid), maxMegabytes.nginx)}`]),
  ];
  held.close();
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  return `others ${summed(answers.map(told))}${slowest < 3000 ? '' : ` after ${slowest.toFixed(0)} ms`}; ${memory.join(', ')}`;
}

function bounded(megabytes: number, most: number): string {
  return megabytes < most ? 'within its memory' : `${megabytes.toFixed(0)} MB`;
}

function nginxMegabytes(pid: number): number {
  return familyOf(pid).reduce((sum, each) => sum + memoryMegabytes(each).now, 0);
}

const expected = 'others 12 × 201; the API within its memory';

/** A thousand callers who begin a body of 99 kB and never end it. */
export const heldBodies: Group = {
  name: 'bodies that never end',
  recipes: ['/token', '/api/sessions/refresh'].map((path) => ({
    tried: `${count} strangers at 50 addresses send ${bodyBytes / 1000} kB of JSON to ${path}, and the rest byte by byte`,
    expected,
    run: async (scene: Scene) => (await sufferTrickle(scene, path)).replace(', nginx within its memory', ''),
  })),
};
