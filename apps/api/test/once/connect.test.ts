import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';

test('connections that open a new SQLite file at the same time all succeed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-connect-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (let round = 0; round < 100; round += 1) {
    const databases = Array.from({ length: 3 }, () =>
      connect({ engine: 'sqlite', file: join(folder, `${round}.sqlite`) }),
    );
    const answers = await Promise.allSettled(databases.map((db) => db.raw('select 1 as one')));
    await Promise.all(databases.map((db) => db.destroy()));
    expect(answers).toEqual(Array(3).fill({ status: 'fulfilled', value: [{ one: 1 }] }));
  }
});
