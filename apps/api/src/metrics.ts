import { AuditEventName, type ProblemCode, problemCodes } from '@signet/contracts';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Passwords } from './auth/passwords.ts';
import { createRequestDurations } from './http/request-durations.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Counters of this process in Prometheus's format. Callers cannot choose a
 * label's value, so series stay bounded.
 */
export function createMetrics({ passwords }: { passwords: Pick<Passwords, 'queue'> }) {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];

  const observeRequest = createRequestDurations(registry);
  const problems = new Counter({
    name: 'signet_problems_total',
    help: 'Requests that were refused or failed, by the code of the problem.',
    labelNames: ['code'] as const,
    registers,
  });
  const events = new Counter({
    name: 'signet_audit_events_total',
    help: 'Sign-ins, failed sign-ins and everything else that the audit log records.',
    labelNames: ['event'] as const,
    registers,
  });
  const reports = new Counter({
    name: 'signet_trace_reports_total',
    help: "Datagrams at TRACE_SYSLOG_PORT, which nginx sends on one's own machine: taken, malformed, or too many.",
    labelNames: ['outcome'] as const,
    registers,
  });
  // From zero: Prometheus sees no increase in a counter that appears together with its first event.
  for (const code of problemCodes) problems.inc({ code }, 0);
  for (const event of AuditEventName.options) events.inc({ event }, 0);
  new Gauge({
    name: 'signet_password_hashes',
    help: 'Password hashes running and waiting. When the queue is full, sign-ins are refused as overloaded.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const { running, waiting } = passwords.queue();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });

  return {
    observeRequest,
    countProblem: (code: ProblemCode): void => problems.inc({ code }),
    countEvent: (event: AuditEventName): void => events.inc({ event }),
    countReport: (outcome: 'taken' | 'malformed' | 'too_many'): void => reports.inc({ outcome }),
    /**
     * Adds memory, file descriptors, garbage collection and event loop lag. To be called once in a process.
     */
    watchProcess: (): void => collectDefaultMetrics({ register: registry }),
    text: (): Promise<string> => registry.metrics(),
  };
}
