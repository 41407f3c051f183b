import type { Finding } from './report.ts';
import type { FlaskSource } from './source.ts';

/** Reports the columns and tables of the source that have no place here, with what they hold. */
export async function reportLeftOut(
  source: FlaskSource,
  onFinding: (finding: Finding) => void,
): Promise<void> {
  for (const { table, column } of source.leftOut.columns) {
    const values = await source.countValues(table, column);
    if (values.length === 0) continue;
    const shown = values.map(({ value, rows }) => `${String(value).slice(0, 40)} (${rows})`).join(', ');
    const reason = `column ${column} has no place here; its most common values are ${shown}`;
    onFinding({ table, row: '', what: 'left out', reason });
  }
  for (const { name, type } of source.leftOut.tables) {
    const rows = type === 'table' ? await source.countRows(name) : undefined;
    const reason = `the ${type} has no place here${rows === undefined ? '' : `; it has ${rows} rows`}`;
    onFinding({ table: name, row: '', what: 'left out', reason });
  }
}
