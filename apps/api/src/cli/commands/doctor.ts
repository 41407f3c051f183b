import { problemOfOrigin } from '@signet/contracts';
import { diagnose, type Facts, type Report } from '@signet/doctor';
import { probe, readTarget, withholdValues } from '@signet/doctor/probe';
import { Command } from 'commander';
import { describeReport } from '../describe-report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

type Options = {
  readonly api: string;
  readonly origin: string;
  readonly json?: boolean;
  readonly facts?: boolean;
  readonly watch?: boolean;
  readonly signIn: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly header: readonly string[];
};

/** For scripts: nothing is wrong, something is, or it could not be judged. */
const exitCodes = { right: 0, findings: 1, unjudged: 2 } as const;

const watchMs = 2000;

/** `doctor`: says why a page cannot call an API. It needs no configuration, and works with any API. */
export function doctorCommand(terminal: Terminal): Command {
  const { PORT, WEB_PORT } = process.env;
  return new Command('doctor')
    .description('find out why the pages of an origin cannot call an API')
    .option('--api <url>', 'address of the API', `http://localhost:${PORT || '8086'}`)
    .option('--origin <origin>', 'origin of the page', `http://localhost:${WEB_PORT || '4100'}`)
    .option('--json', 'print the findings as JSON, and nothing else')
    .option('--facts', 'print as JSON what was seen, without values, instead of what follows from it')
    .option('--watch', 'check again and again, and print what changes')
    .option('--no-sign-in', 'never sign in as a demo user, which is done on loopback only')
    .option('--method <method>', 'the method of a call that fails')
    .option('--path <path>', 'the path of a call that fails')
    .option('--header <name...>', 'names of headers that the call sets', [])
    .addHelpText('after', '\nExit codes: 0 nothing is wrong, 1 findings, 2 it could not be judged.')
    .action(async (options: Options) => {
      const origin = readOrigin(options.origin);
      readApi(options.api);
      readNames(options);
      if (options.facts) {
        const facts = await look(options, origin);
        return terminal.print(JSON.stringify(withholdValues(facts)));
      }
      const report = await examine(options, origin);
      terminal.print(options.json ? JSON.stringify(report, null, 2) : describeReport(report, options));
      terminal.exitWith(exitCodeOf(report));
      if (options.watch) await watch(terminal, options, { origin, shown: JSON.stringify(report.findings) });
    });
}

/** Throws `UsageError` for text that no browser sends as an origin, with the right form. */
function readOrigin(text: string): string {
  if (text === 'null') return text;
  const problem = problemOfOrigin(text);
  if (problem !== undefined) throw new UsageError(`--origin ${text}: ${problem}`);
  return text;
}

/**
 * Throws `UsageError` for text that is no address. An address without a scheme, such as `localhost:8086`, passes,
 * because browsers read it as one of the scheme `localhost:`, which is a cause of its own.
 */
function readApi(text: string): string {
  if (/^[a-z0-9.-]+:\d+(\/|$)/i.test(text)) return text;
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isWeb) throw new UsageError(`--api ${text}: it must be an address such as http://localhost:8086.`);
  return text;
}

/** Throws `UsageError` for a method or a header that is no name, such as a header with its value. */
function readNames({ method, header }: Options): void {
  const isName = (text: string) => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
  if (method !== undefined && !isName(method))
    throw new UsageError(`--method ${method}: it must be one word, such as DELETE.`);
  const wrong = header.find((each) => !isName(each));
  if (wrong !== undefined)
    throw new UsageError(`--header ${wrong}: it must be a name alone, such as Authorization.`);
}

async function examine(options: Options, origin: string): Promise<Report> {
  return diagnose(await look(options, origin));
}

async function look({ api, method, path, header, signIn }: Options, origin: string): Promise<Facts> {
  const call =
    method === undefined && path === undefined && header.length === 0
      ? undefined
      : { method: method ?? 'GET', path: path?.startsWith('/') ? path : `/${path ?? ''}`, headers: header };
  try {
    return await probe(readTarget(api, origin, call), { signsIn: signIn });
  } catch (error) {
    // 1 would say that there are findings.
    throw new UsageError(
      `The doctor could not judge ${api}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function exitCodeOf({ findings, checked }: Report): number {
  if (findings.length > 0) return exitCodes.findings;
  const isSeen = checked.some(({ check, result }) => check === 'origin' && result === 'right');
  return isSeen ? exitCodes.right : exitCodes.unjudged;
}

type Watched = { readonly origin: string; readonly shown: string };

/** Until a signal ends the process. Only the first check signs in, so that it uses up no attempts. */
async function watch(terminal: Terminal, options: Options, { origin, shown }: Watched): Promise<void> {
  let last = shown;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, watchMs));
    const report = await examine({ ...options, signIn: false }, origin);
    const found = JSON.stringify(report.findings);
    if (found === last) continue;
    last = found;
    terminal.print(options.json ? JSON.stringify(report, null, 2) : describeReport(report, options));
    terminal.exitWith(exitCodeOf(report));
  }
}
