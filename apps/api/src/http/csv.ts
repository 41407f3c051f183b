import { once } from 'node:events';
import type { Answer, Endpoint } from '@signet/contracts';
import type { Request, Response } from 'express';

type CsvAnswer = Extract<Answer, { kind: 'page' }>;

/** As long as `cutStalledReaders` waits for the reader of a finished answer. */
const patienceMs = 30_000;

/**
 * Whether the caller prefers CSV, and the endpoint has columns for it. Without a preference the answer
 * is JSON.
 */
export function isCsvWanted(request: Request, { answer }: Endpoint): boolean {
  if (answer.kind !== 'page' || !answer.csv) return false;
  return request.accepts(['application/json', 'text/csv']) === 'text/csv';
}

/**
 * Streams a list as CSV (RFC 4180) in UTF-8, with a line of column names first. Each item is parsed by the
 * schema before it leaves, as every answer is. The next page is read only when the connection has taken the
 * last one, so a slow reader holds one page in memory; one who takes nothing for 30 s is cut.
 *
 * Rejects with a ZodError for an item that breaks the schema, and with what the pages throw. The connection
 * is cut then, because the status has left already.
 */
export async function sendCsv(
  request: Request,
  response: Response,
  { item, csv: columns = [] }: CsvAnswer,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  const name = request.path.split('/').findLast((part) => part !== '');
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
  response.setHeader('Content-Disposition', `attachment; filename="${name}.csv"`);
  if (request.method === 'HEAD') return void response.end();
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  await write(lineOf(columns));
  for await (const rows of pages) {
    if (closed.signal.aborted) return;
    const values = rows.map((row) => item.parse(row));
    await write(values.map((value) => lineOf(columns.map((path) => cellOf(value, path)))).join(''));
  }
  response.end();

  async function write(text: string): Promise<void> {
    if (response.write(text)) return;
    // The timeout starts again while the queue gets shorter, and closes the connection.
    response.socket?.setTimeout(patienceMs);
    await once(response, 'drain', { signal: closed.signal }).catch(() => {});
    response.socket?.setTimeout(0);
  }
}

/** The text at a path of members, with dots between them. Objects are JSON, null is empty. */
function cellOf(value: unknown, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>((each, member) => (each as Record<string, unknown> | null)?.[member], value);
  if (found === null || found === undefined) return '';
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/**
 * A spreadsheet takes a cell that begins like this for a formula, which could send the others elsewhere
 * (CWE-1236). An apostrophe before it makes it text.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function quoted(text: string): string {
  const inert = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
