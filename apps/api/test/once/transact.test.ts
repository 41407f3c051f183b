import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { transact } from '../../src/db/transact.ts';
import { codeOf } from '../../src/errors.ts';

test('a transaction of SQLite that does not get the lock fails as busy, and its work is not begun', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-transact-'));
  const [one, other] = [0, 1].map(() => connect({ engine: 'sqlite', file: join(folder, 'signet.db') }));
  if (!one || !other) throw new Error('two connections');
  onTestFinished(async () => {
    await Promise.all([one.destroy(), other.destroy()]);
    rmSync(folder, { recursive: true, force: true });
  });
  await other.raw('PRAGMA busy_timeout = 10');
  let isBegun = false;
  await transact(one, async () => {
    const failure = await transact(other, async () => {
      isBegun = true;
    }).catch((error: unknown) => error);
    expect(codeOf(failure)).toBe('SQLITE_BUSY');
  });
  expect(isBegun).toBe(false);
  await transact(other, async (trx) => {
    expect(await trx.raw('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
