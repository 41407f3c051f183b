export { type ProbeOptions, probe } from './probe.ts';
export { readTrace } from './read-trace.ts';
export { readTarget } from './target.ts';
export { withholdValues } from './withhold-values.ts';
