import { closeSync, openSync, writeSync } from 'node:fs';
import { printable } from '../printable.ts';
import type { FlaskRow, FlaskTable } from './source.ts';

/** Something that the operator has to know about what the source says. */
export type Finding = {
  /** A table of the source; also one that is not the lesson's. */
  readonly table: string;
  /** The row's id as it stands there; '' for the table as a whole. */
  readonly row: unknown;
  /**
   * - refused: the row is not imported
   * - exists: the user id belonged to another account here before; the row is not imported
   * - replaced: a demo user had the user id here; it was removed with its posts
   * - changed: imported, but not as it stands there
   * - no password: imported without a password that can be used
   * - left out: what has no place here: a role, a column, a table
   */
  readonly what: 'refused' | 'exists' | 'replaced' | 'changed' | 'no password' | 'left out';
  readonly reason: string;
};

/** How many rows of a table ended how. */
export type Tally = { imported: number; present: number; existing: number; refused: number };

export type ImportReport = {
  readonly tables: Record<FlaskTable, Tally>;
  readonly withoutPassword: number;
  /** Posts that were refused because their author was. */
  readonly orphans: number;
  readonly hasAdmin: boolean;
};

/** What the import of a table's rows reports to, and where it gets their ids from. */
export type Batch = {
  readonly tally: Tally;
  readonly find: (row: FlaskRow, what: Finding['what'], reason: string) => void;
  /** The row's own id if it is free, else one above all others. */
  readonly idFor: (row: FlaskRow) => number;
};

/** One line for a terminal. */
export function describe({ table, row, what, reason }: Finding): string {
  const subject = row === '' ? table : `${table} ${String(row)}`;
  return printable(`${subject} ${what}: ${reason}`);
}

/**
 * Writes findings as CSV (RFC 4180) to a new file that only its owner can read. Throws where the file exists.
 */
export function createCsvReport(file: string) {
  const descriptor = openSync(file, 'wx', 0o600);
  const writeRow = (cells: readonly string[]) => writeSync(descriptor, `${cells.map(toCell).join(',')}\r\n`);
  writeRow(['table', 'row', 'what', 'reason']);
  return {
    add: ({ table, row, what, reason }: Finding): void => void writeRow([table, String(row), what, reason]),
    close: (): void => closeSync(descriptor),
  };
}

/**
 * A spreadsheet runs a cell that begins with one of these as a formula, even a quoted one (OWASP,
 * CSV injection).
 */
const startsFormula = /^[=+\-@\t\r]/;

function toCell(text: string): string {
  const safe = startsFormula.test(text) ? `'${text}` : text;
  return `"${printable(safe).replaceAll('"', '""')}"`;
}
