import { expect, onTestFinished, test } from 'vitest';
import { runNode, waitForOutput } from '../src/index.ts';

function run(script: string) {
  const process = runNode(['--input-type=module', '--eval', script]);
  onTestFinished(() => void process.end('SIGKILL'));
  return process;
}

test('A process gets nothing of the environment of its parent but PATH', async () => {
  process.env.SIGNET_RIG_TEST = 'set';
  onTestFinished(() => void delete process.env.SIGNET_RIG_TEST);
  const child = run("process.stdout.write(process.env.SIGNET_RIG_TEST ?? 'unset')");
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(child.output()).toBe('unset');
});

test('Output that a process writes just before it ends is found', async () => {
  const child = run("process.stdout.write('last words'); process.exit(3)");
  expect((await waitForOutput(child, /last (words)/))[1]).toBe('words');
  expect(await child.exit).toEqual({ code: 3, signal: null });
});

test('Waiting for output fails with the standard error of a process that ends without writing it', async () => {
  const child = run("process.stderr.write('no luck'); process.exit(1)");
  await expect(waitForOutput(child, /never/)).rejects.toThrow('no luck');
});

test('The first message of a process is undefined if it ends without sending one', async () => {
  expect(await run("process.send({ ready: 'yes' })").firstMessage).toEqual({ ready: 'yes' });
  expect(await run('').firstMessage).toBeUndefined();
});

test('A signal ends a process, and ending it twice does no harm', async () => {
  const child = run("process.stdout.write('running'); setInterval(() => {}, 1000)");
  await waitForOutput(child, /running/);
  expect(child.hasEnded()).toBe(false);
  expect(await child.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await child.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
});
