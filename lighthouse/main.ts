import { parseArgs } from 'node:util';
import { paths } from '../apps/web/src/pages/paths.ts';
import { audit, categories, type Form, forms, medianOf, type Verdict } from './audit.ts';
import { writeResults } from './results.ts';
import { startSite } from './site.ts';
import { openBrowser, type Visitor, visitors } from './visitor.ts';

/**
 * Judges every page of the built app with Lighthouse: signed out and in by both flows, as a phone and as a desktop.
 * Prints a table, writes it into RESULTS.md, and fails if a score is below 95. Performance needs an idle machine, so a
 * page below 95 is judged `--rounds` times, 3 unless given, and the median counts.
 */
const { values } = parseArgs({
  options: {
    page: { type: 'string', multiple: true },
    visitor: { type: 'string', multiple: true },
    form: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
  },
});
const least = 95;
/** How often a page with a low score is judged. */
const rounds = Number(values.rounds);
const ids: Partial<Record<keyof typeof paths, string>> = { cause: 'preflight-needs-auth', editUser: '2' };
const onlySignedOut = [paths.signIn, paths.signUp] as const;
const onlySignedIn = [
  paths.feed,
  paths.post,
  paths.players,
  paths.newPlayer,
  paths.users,
  paths.newUser,
  paths.user,
  paths.editUser,
  paths.account,
  paths.devices,
  paths.audit,
] as const;

const chosen = <Name extends string>(all: readonly Name[], given: readonly string[] | undefined) =>
  all.filter((name) => given?.includes(name) ?? true);

const site = await startSite();
const low: string[] = [];
const rows: string[] = [];
let browserName = '';
try {
  say(`| page | visitor | form | ${categories.join(' | ')} |`);
  say(`|---|---|---|${categories.map(() => '---:').join('|')}|`);
  for (const visitor of chosen(visitors, values.visitor)) await judgeAs(visitor);
} finally {
  await site.stop();
}
writeResults(rows, browserName);
say(low.length === 0 ? `\nEvery score is ${least} or more.` : `\nBelow ${least}:\n${low.join('\n')}`);
process.exitCode = low.length === 0 ? 0 : 1;

/** Judges the pages that this visitor can open. */
async function judgeAs(visitor: Visitor): Promise<void> {
  const browser = await openBrowser(visitor, site.origin);
  browserName = await browser.version();
  try {
    for (const path of pagesOf(visitor)) {
      for (const form of chosen(forms, values.form)) {
        report(`${path}, ${visitor}, ${form}`, await judge(path, form));
      }
    }
  } finally {
    await browser.close();
  }

  /** The error, if Lighthouse cannot judge the page. */
  async function judge(path: string, form: Form): Promise<Verdict | Error> {
    try {
      return await judgeOften(path, form);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function judgeOften(path: string, form: Form): Promise<Verdict> {
    const verdicts: [Verdict, ...Verdict[]] = [await judgeOnce(path, form)];
    const isLow = categories.some((category) => verdicts[0].scores[category] < least);
    if (isLow) for (let round = 1; round < rounds; round += 1) verdicts.push(await judgeOnce(path, form));
    return medianOf(verdicts);
  }

  /** In a page of its own, and again if the first trace is incomplete, which happens on a busy machine. */
  async function judgeOnce(path: string, form: Form): Promise<Verdict> {
    for (let attempt = 1; ; attempt += 1) {
      const page = await browser.newPage();
      try {
        return await audit(page, site.origin + path, form);
      } catch (error) {
        if (attempt === 3) throw error;
      } finally {
        await page.close();
      }
    }
  }
}

/** Prints a row of the table, and notes what is low. */
function report(name: string, verdict: Verdict | Error): void {
  const cells = name.split(', ').join(' | ');
  if (verdict instanceof Error) {
    say(`| ${cells} |${' |'.repeat(categories.length)}`);
    low.push(`${name}: ${verdict.message}`);
    return;
  }
  const { scores, reasons } = verdict;
  const row = `| ${cells} | ${categories.map((each) => scores[each]).join(' | ')} |`;
  rows.push(row);
  say(row);
  for (const category of categories.filter((each) => scores[each] < least))
    low.push(`${name}: ${category} ${scores[category]}: ${reasons[category].join('; ')}`);
}

function pagesOf(visitor: Visitor): string[] {
  const closed: readonly string[] = visitor === 'signed out' ? onlySignedIn : onlySignedOut;
  return Object.entries(paths)
    .filter(([, path]) => !closed.includes(path))
    .map(([name, path]) => path.replace(':id', ids[name as keyof typeof paths] ?? '1'))
    .filter((path) => values.page?.includes(path) ?? true);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
