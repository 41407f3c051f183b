import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

test('an open stream of exchanges ends with a complete answer when the API is told to stop, instead of being cut when its time is over', async () => {
  const api = await startApi();
  try {
    const answers = await Promise.all(Array.from({ length: 4 }, () => open(`${api.url}/api/exchanges`)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    const ends = answers.map((answer) => once(answer, 'close'));
    await api.stop();
    await Promise.all(ends);
    // A connection that the drain cuts leaves an answer without its last chunk.
    expect(answers.map(({ complete }) => complete)).toEqual([true, true, true, true]);
  } finally {
    await api.stop();
  }
});

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.on('error', () => {}).resume();
      resolve(answer);
    }).on('error', reject);
  });
}
