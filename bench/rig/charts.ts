type Chart = {
  readonly title: string;
  /** The heads of the table's columns: what a bar is called, how long it is, and what groups the bars. */
  readonly label: string;
  readonly value: string;
  readonly group?: string;
};

/** The sections of RESULTS.md whose table is drawn, too. A longer bar is worse in each. */
const charts: Readonly<Record<string, Chart>> = {
  contenders: {
    title: 'CPU of a GET /protected, in microseconds',
    label: 'contender',
    value: 'CPU a request, µs',
    group: 'Node',
  },
  'sign-in': {
    title: 'CPU of a sign-in, in milliseconds',
    label: 'sign-in, 4 connections',
    value: 'CPU, ms',
  },
  revocation: {
    title: 'The longest time until all processes refuse, in milliseconds',
    label: 'change',
    value: 'worst, ms',
  },
};

const width = 720;
const barsAt = 390;
const rowHeight = 24;

type Bar = { readonly label: string; readonly value: number; readonly group: string };

/**
 * The bars of a section's Markdown table as SVG. Undefined if the section has no chart, or none of its tables has
 * the chart's columns.
 */
export function drawChart(section: string, tables: readonly string[]): string | undefined {
  const chart = charts[section];
  if (!chart) return undefined;
  const bars = tables.flatMap((table) => readBars(table, chart));
  if (bars.length === 0) return undefined;
  const longest = Math.max(...bars.map(({ value }) => value));
  let y = 40;
  let group = '';
  const lines: string[] = [];
  for (const bar of bars) {
    if (bar.group !== group) {
      group = bar.group;
      lines.push(`  <text class="group" x="16" y="${y + 30}">${escapeXml(group)}</text>`);
      y += 40;
    }
    lines.push(drawBar(bar, y, ((width - barsAt - 80) * bar.value) / longest));
    y += rowHeight;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 16}" width="${width}" height="${y + 16}" role="img" aria-labelledby="title">
  <title id="title">${chart.title}; shorter is better</title>
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .group, .title { font-weight: 600 }
    .bar { fill: #8c959f }
    .ours { fill: #0969da }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .bar { fill: #6e7681 }
      .ours { fill: #58a6ff }
    }
  </style>
  <text class="title" x="16" y="26">${chart.title}; shorter is better</text>
${lines.join('\n')}
</svg>
`;
}

function drawBar({ label, value }: Bar, y: number, length: number): string {
  const look = label.startsWith('Signet') ? 'bar ours' : 'bar';
  return [
    `  <text x="${barsAt - 8}" y="${y + 16}" text-anchor="end">${escapeXml(label)}</text>`,
    `  <rect class="${look}" x="${barsAt}" y="${y + 4}" width="${Math.max(1, length).toFixed(1)}" height="16" rx="2" />`,
    `  <text x="${(barsAt + length + 6).toFixed(1)}" y="${y + 16}">${value}</text>`,
  ].join('\n');
}

/** The rows of a Markdown table that have a number in the chart's column. */
function readBars(table: string, { label, value, group }: Chart): Bar[] {
  const [head = [], , ...rows] = table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const [labelAt, valueAt] = [head.indexOf(label), head.indexOf(value)];
  if (labelAt < 0 || valueAt < 0) return [];
  return rows
    .map((row) => ({
      label: row[labelAt] ?? '',
      value: Number(row[valueAt] || Number.NaN),
      group: group === undefined ? '' : `${group} ${row[head.indexOf(group)]}`,
    }))
    .filter((bar) => !Number.isNaN(bar.value));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
