import type { Exposure } from './exposure.ts';
import type { VariableReader } from './read-variables.ts';

export type TraceConfig = {
  readonly host: string;
  /** The UDP port that takes nginx's reports; 0: none. */
  readonly syslogPort: number;
};

type TraceSources = {
  readonly read: VariableReader;
  readonly exposure: Pick<Exposure, 'isOwnMachine'>;
  readonly host: string;
};

/**
 * `TRACE_SYSLOG_PORT`, at the address of the API itself: on one's own machine that is loopback or, in a
 * container, a network on which only the API's own port is published.
 */
export function readTrace({ read, exposure, host }: TraceSources): TraceConfig | undefined {
  const syslogPort = read.whole('TRACE_SYSLOG_PORT', 0, 0, 65_535);
  return exposure.isOwnMachine ? { host, syslogPort } : undefined;
}
