import { Exchange } from '@signet/contracts';
import { isSuccess } from '../answers.ts';
import { isAnswer } from '../facts.ts';
import { send } from './request.ts';

/** 500 exchanges of 4 kB each, which is all that the API keeps. */
const longestTrace = 2_500_000;

/** What the API saw, from its trace; undefined where it shows none. */
export async function readTrace(api: URL, address?: string): Promise<Exchange[] | undefined> {
  const url = new URL(`${api.pathname.replace(/\/$/, '')}/api/exchanges?after=start`, api);
  const outcome = await send({ url, method: 'GET', longestBody: longestTrace, ...(address && { address }) });
  if (!isAnswer(outcome) || !isSuccess(outcome) || !outcome.body.includes('data:')) return undefined;
  return outcome.body.split('\n').flatMap((line) => {
    if (!line.startsWith('data:')) return [];
    const parsed = Exchange.safeParse(readJson(line.slice('data:'.length)));
    return parsed.success ? [parsed.data] : [];
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
