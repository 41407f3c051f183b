import type { MetricsAccess } from '../system/metrics-access.ts';
import type { Exposure } from './exposure.ts';
import type { Report, VariableReader } from './read-variables.ts';

type MetricsSources = {
  readonly read: VariableReader;
  readonly exposure: Exposure;
  readonly report: Report;
};

const minLength = 16;

/** `METRICS_TOKEN`. It is needed where others than the operator reach the API. */
export function readMetricsAccess({ read, exposure, report }: MetricsSources): MetricsAccess {
  const token = read.text('METRICS_TOKEN', '');
  if (token && !/^[A-Za-z0-9._~+/-]+=*$/.test(token))
    report('METRICS_TOKEN has characters that a bearer token cannot have (RFC 6750, section 2.1).');
  if (token && token.length < minLength)
    report(
      `METRICS_TOKEN has ${token.length} characters, and guesses are not limited. Give it at least ${minLength}.`,
    );
  if (exposure.isOwnMachine || exposure.isBehindProxyOnly) return 'open';
  return token ? { token } : 'closed';
}
