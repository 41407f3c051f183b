import { createOutputFile, runNode } from '@signet/rig';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createLogOutput } from '../../src/log-output.ts';

test('lines of one moment leave together, soon after it', async () => {
  const file = createOutputFile();
  const log = createLog({ level: 'info' }, createLogOutput(file.descriptor));
  for (let line = 0; line < 5; line += 1) log.info(`line ${line}`);
  expect(file.read()).toBe('');
  await expect.poll(() => messagesIn(file.read())).toHaveLength(5);
});

test('a line of an error leaves at once, after the lines before it', () => {
  const file = createOutputFile();
  const log = createLog({ level: 'info' }, createLogOutput(file.descriptor));
  log.info('before');
  log.error('failed');
  expect(messagesIn(file.read())).toEqual(['before', 'failed']);
});

test('lines leave before their batch becomes large', () => {
  const file = createOutputFile();
  const log = createLog({ level: 'info' }, createLogOutput(file.descriptor));
  for (let line = 0; line < 1000; line += 1) log.info('x'.repeat(100));
  expect(1000 - messagesIn(file.read()).length).toBeLessThan(200);
});

test.each([
  ['when it has nothing more to do', ''],
  ['by process.exit', 'process.exit(0);'],
  ['by an uncaught exception', 'setTimeout(() => { throw new Error("uncaught"); }, 1);'],
  ['by a rejection that nothing handles', 'Promise.reject(new Error("unhandled"));'],
  [
    'by a signal that it handles',
    'process.on("SIGTERM", () => process.exit(0)); process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 60_000);',
  ],
])('no line is lost when the process ends %s', async (_how, end) => {
  const program = `
    const { createLog } = await import(${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)});
    const log = createLog({ level: 'info' });
    for (let line = 0; line < 300; line += 1) log.info('line ' + line);
    ${end}`;
  const ended = runNode(['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program]);
  await ended.exit;
  expect(messagesIn(ended.output())).toEqual(Array.from({ length: 300 }, (_, line) => `line ${line}`));
});

function messagesIn(output: string): string[] {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line).msg);
}
