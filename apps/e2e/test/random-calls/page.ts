import { type CallLog, createCallLog } from '@signet/web/call-log';
import { send } from '@signet/web/transport';
import type { RandomCall } from './generate.ts';

declare global {
  interface Window {
    /** Sends these calls at the same time, and resolves when all are over. */
    sendCalls: (calls: readonly RandomCall[]) => Promise<void>;
    readCalls: CallLog['calls'];
  }
}

const log = createCallLog({ now: () => Date.now() });
const record = log.record(send);

window.readCalls = log.calls;
window.sendCalls = async (calls) => {
  await Promise.all(calls.map((call) => sendCall(call).catch(() => undefined)));
};

function sendCall({ url, isUpload, isAborted, ...init }: RandomCall): Promise<Response> {
  const signal = isAborted ? { signal: AbortSignal.abort() } : {};
  const request = new Request(url, { ...init, ...signal });
  return record(request, isUpload ? () => undefined : undefined);
}
