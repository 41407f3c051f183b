import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../start-api.ts';
import { runSchedules } from './schedules.ts';
import { startSystem } from './system.ts';

/** Enough to notice what breaks often; `npm run model` runs 100 000 on each engine. */
const count = 40;

test('sessions keep their promises in random schedules of three processes', async () => {
  const system = await startSystem(await freshDatabase());
  onTestFinished(system.stop);
  const details = await runSchedules(system, { count, seed: Math.trunc(Math.random() * 2 ** 30) });
  expect(details.failed, `${fc.defaultReportMessage(details)}\n${details.errorInstance}`).toBe(false);
});
