import { type Cell, type Observed, rows } from './rows.ts';

/** The table as Markdown, for a report or an issue. It has no value of a token. */
export function toMarkdown(observed: Observed): string {
  const write = (cell: Cell | undefined) => (cell ? `**${cell.answer}**: ${cell.how}` : '?');
  const lines = rows.map(
    ({ id, question }) =>
      `| ${question} | ${write(observed.bearer?.[id])} | ${write(observed.cookie?.[id])} |`,
  );
  return ['| | Bearer token | HttpOnly cookie |', '|---|---|---|', ...lines, ''].join('\n');
}
