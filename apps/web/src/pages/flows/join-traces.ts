import type { Exchange } from '@signet/contracts';

/**
 * The exchanges of several reads, each once and in the order of time: nginx reports a preflight to every process of the
 * API, and a process is read more than once.
 */
export function joinTraces(reads: readonly (readonly Exchange[])[]): readonly Exchange[] {
  const byRequest = new Map(reads.flat().map((exchange) => [exchange.request_id, exchange]));
  return [...byRequest.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
