import type { Target } from '../target.ts';
import { type Counters, createCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { createRandom } from './random.ts';

/** CPU that one input may cost. Honest inputs of this size take less than a millisecond. */
const maxCpuMs = 200;

export type Finding = { readonly input: Buffer; readonly message: string };

export type Report = {
  readonly inputs: number;
  /** Statements and branches that were reached. */
  readonly reached: number;
  /** Inputs that each reached something new. */
  readonly corpus: readonly Buffer[];
  readonly findings: readonly Finding[];
};

type Settings = {
  readonly seconds: number;
  readonly seed: number;
  readonly counters: Counters;
  /** Learns of each input before it is run, so that one that never ends is known. */
  readonly onInput: (input: Buffer) => void;
};

/**
 * Feeds a target with inputs that grow out of those that reached something new. Collects one finding of
 * each kind, in the shortest form that was found.
 */
export async function fuzz(target: Target, { seconds, seed, counters, onInput }: Settings): Promise<Report> {
  const random = createRandom(seed);
  const words = (target.words ?? []).map((word) => Buffer.from(word as string));
  const coverage = createCoverage(counters);
  const corpus: Buffer[] = [];
  const findings = new Map<string, Finding>();
  let inputs = 0;

  async function run(input: Buffer): Promise<string | undefined> {
    inputs += 1;
    onInput(input);
    const before = process.cpuUsage();
    const failure = await failureOf(target, input);
    if (failure !== undefined) return failure;
    const { user } = process.cpuUsage(before);
    if (user < maxCpuMs * 1000) return undefined;
    // A second time, because the first may have met the garbage collector or the compiler.
    const again = process.cpuUsage();
    await failureOf(target, input);
    return process.cpuUsage(again).user >= maxCpuMs * 1000 ? 'takes too much CPU' : undefined;
  }

  async function examine(input: Buffer, isSeed: boolean): Promise<void> {
    const failure = await run(input);
    const isNew = coverage.collect();
    if (failure !== undefined) {
      const kind = kindOf(failure);
      if (!findings.has(kind)) findings.set(kind, { input: await shorten(input, kind), message: failure });
    } else if (isNew || isSeed) corpus.push(input);
  }

  /** Leaves out pieces for as long as the input fails in the same way. */
  async function shorten(input: Buffer, kind: string): Promise<Buffer> {
    let shortest = input;
    for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let at = 0; at < shortest.length; ) {
        const candidate = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + size)]);
        const failure = await run(candidate);
        if (failure !== undefined && kindOf(failure) === kind) shortest = candidate;
        else at += size;
      }
    coverage.collect();
    return shortest;
  }

  for (const each of target.seeds) await examine(Buffer.from(each as string), true);
  const end = performance.now() + seconds * 1000;
  for (let turn = 0; performance.now() < end; turn += 1) {
    // Half of the time the newest ones: what was just reached is where more can be reached.
    const recent = corpus.slice(-20);
    const parent = random.pick(turn % 2 === 0 ? recent : corpus) ?? Buffer.alloc(0);
    const other = () => random.pick(corpus) ?? Buffer.alloc(0);
    await examine(mutate(parent, { random, words, other }), false);
  }
  return { inputs, reached: coverage.reached(), corpus, findings: [...findings.values()] };
}

async function failureOf({ run }: Target, input: Buffer): Promise<string | undefined> {
  try {
    await run(Buffer.from(input));
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Failures with the same text, numbers aside, at the same place are one. */
function kindOf(failure: string): string {
  const [message = '', ...stack] = failure.split('\n');
  return `${message.replace(/\d+/g, 'N').slice(0, 80)} ${stack.find((line) => line.includes(' at ')) ?? ''}`;
}
