import { createPasswords } from '../auth/passwords.ts';
import { resolveSecret } from '../auth/secret-file.ts';
import type { Config } from '../config/config.ts';
import { checkSettings } from '../db/check-settings.ts';
import { connect, connectReader, type Database, type DatabaseConfig } from '../db/connect.ts';
import { explaining } from '../db/explain.ts';
import { migrate } from '../db/migrate.ts';
import { requireOwnFile, requireOwnSchema } from '../db/ownership.ts';
import { createServices, type Services } from '../services.ts';

/** Runs `work` on the migrated database with the API's own services, and leaves nothing open. */
export async function withServices<Result>(
  config: Config,
  work: (services: Services) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config.database, async (db) => {
    const reader = connectReader(config.database, db);
    const passwords = createPasswords({ ...config.passwords, threads: 1 });
    const secret = resolveSecret(config.keys.secret);
    try {
      return await work(createServices({ config, secret, db, reader, passwords }));
    } finally {
      await passwords.close();
      if (reader !== db) await reader.destroy();
    }
  });
}

/** Runs `work` on the migrated database. Throws where the database is another program's. */
export async function withDatabase<Result>(
  config: DatabaseConfig,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  return withSchema(config, async (db) => {
    await explaining(config, () => migrate(db));
    return work(db);
  });
}

/** The same with the schema as it is. */
export async function withSchema<Result>(
  config: DatabaseConfig,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  await requireOwnFile(config);
  const db = connect(config);
  try {
    await explaining(config, async () => {
      await checkSettings(db);
      await requireOwnSchema(db);
    });
    return await work(db);
  } finally {
    await db.destroy();
  }
}
