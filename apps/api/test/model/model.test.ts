import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../start-api.ts';
import { ask } from './commands.ts';
import { replay, runSchedules } from './schedules.ts';
import type { Outcome } from './state.ts';
import { type System, startSystem } from './system.ts';

/** Enough to notice what breaks often; `npm run model` runs 100 000 on each engine. */
const count = 40;

async function start(): Promise<System> {
  const system = await startSystem(await freshDatabase());
  onTestFinished(system.stop);
  return system;
}

test('sessions keep their promises in random schedules of three processes', async () => {
  const details = await runSchedules(await start(), { count, seed: Math.trunc(Math.random() * 2 ** 30) });
  expect(details.failed, `${fc.defaultReportMessage(details)}\n${details.errorInstance}`).toBe(false);
});

test('the model of sessions notices an answer that the database contradicts', async () => {
  const system = await start();
  const answering = (outcome: Outcome): System => ({
    ...system,
    process: (index) => ({ ...system.process(index), perform: async () => outcome }),
  });
  const once = { by: 'phone', process: 0, isUnheard: false, death: undefined } as const;
  await expect(
    replay(answering({ is: 'refused', code: 'session_ended' }), [ask({ do: 'refresh', ...once })]),
  ).rejects.toThrow('An honest client is signed out');
  await expect(replay(answering({ is: 'granted' }), [ask({ do: 'end all', ...once })])).rejects.toThrow(
    'No order explains what happened',
  );
});
