import type { Knex } from 'knex';

const keys = [
  { table: 'users', column: 'uid_key', isUnique: true },
  { table: 'users', column: 'name_key', isUnique: false },
  { table: 'players', column: 'uid_key', isUnique: true },
];

/**
 * Folded keys have σ also at the end of a word, so that a prefix of a user id finds it.
 *
 * Two keys that `fold` made cannot become equal, because their upper-case form already told them apart. A row
 * whose key was written by something else keeps it, rather than making the API fail at its start.
 */
export async function up(db: Knex): Promise<void> {
  for (const { table, column, isUnique } of keys) {
    const isFree = isUnique
      ? `and not exists (select 1 from ${table} other where other.${column} = replace(${table}.${column}, 'ς', 'σ'))`
      : '';
    await db.raw(
      `update ${table} set ${column} = replace(${column}, 'ς', 'σ') where ${column} like '%ς%' ${isFree}`,
    );
  }
}

/** Writes a final sigma as `toLowerCase` does, which is what the version before this migration looks for. */
export async function down(db: Knex): Promise<void> {
  for (const { table, column } of keys) {
    const rows = await db(table).select('id', column).where(column, 'like', '%σ%');
    for (const row of rows) {
      const key = row[column].toUpperCase().toLowerCase().normalize('NFKC');
      if (key !== row[column])
        await db(table)
          .where({ id: row.id })
          .update({ [column]: key });
    }
  }
}
