import { beforeAll, expect, test } from 'vitest';
import { goAllTheWay } from '../engines/journeys.ts';
import { launch } from '../engines/launch.ts';
import { startSite } from './start-stack.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
  return site.stop;
});

// Chromium makes every other journey of this folder.
test.each([
  ['firefox', 'cookie'],
  ['webkit', 'bearer'],
] as const)(
  'In %s a %s sign-in survives a reload, shows images, refreshes and ends',
  async (name, carrier) => {
    const engine = await launch(name);
    try {
      await goAllTheWay(engine, carrier, {
        webUrl: site.webUrl(),
        uid: 'niko',
        password: '123niko',
        countRefreshes: () => site.api.countRequests('POST', '/api/sessions/refresh'),
      });
    } finally {
      await engine.close();
    }
    expect(site.api.countRequests('DELETE', '/api/sessions/current')).toBeGreaterThan(0);
  },
);
