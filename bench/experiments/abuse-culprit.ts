import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createCaller, isRefusalForNow } from '../rig/calls.ts';
import { type Act, acts, type Culprit } from './abuse-acts.ts';

/**
 * A program that abuses an account until SIGTERM, and then prints what the API answered. It is a process of
 * its own, because making pictures would slow the measurements of the others: `abuse-culprit.ts CULPRIT`,
 * in JSON.
 */
const culprit: Culprit = JSON.parse(process.argv[2] ?? '');

// A culprit has a machine of its own. Here it must not take the cores from the API, whose hash threads have
// nice 10.
setPriority(19);

/** By act, how often each status or failure occurred. */
const counts: Record<string, Record<string, number>> = {};
const unexpected: string[] = [];

process.once('SIGTERM', () => {
  process.stdout.write(`report ${JSON.stringify({ counts, unexpected })}\n`, () => process.exit(0));
});
for (const act of acts) void repeat(act);

async function repeat({ name, may, afterSeconds = 0, run }: Act): Promise<void> {
  await delay(afterSeconds * 1000);
  const { call } = createCaller({ port: culprit.port });
  for (;;) {
    const token = culprit.tokens.at(-1) ?? '';
    const answer = await run(culprit, call);
    count(name, answer ? (answer.failure ?? answer.status) : 'held');
    if (answer?.failure) await delay(20);
    if (!answer || answer.failure) continue;
    const { status, text } = answer;
    // A refused refresh or guess says nothing about the token.
    if (status === 401 && text.includes('session_ended')) forget(token);
    const isOrderly = status === 401 || isRefusalForNow(answer) || may.includes(status);
    if (!isOrderly) unexpected.push(`${name}: ${status} ${text.slice(0, 300)}`);
  }
}

function count(name: string, outcome: string | number): void {
  counts[name] ??= {};
  const ofAct = counts[name];
  ofAct[outcome] = (ofAct[outcome] ?? 0) + 1;
}

function forget(token: string): void {
  const index = culprit.tokens.indexOf(token);
  if (index >= 0 && culprit.tokens.length > 1) culprit.tokens.splice(index, 1);
}
