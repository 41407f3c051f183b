export { isSignet } from './answers.ts';
export type { Fix, Reference } from './causes/cause.ts';
export { type Cause, type CauseId, causeIds, causes, isCauseId } from './causes/index.ts';
export { diagnose } from './diagnose.ts';
export type {
  Answer,
  CallFacts,
  Facts,
  Failure,
  HeaderLine,
  Outcome,
  PageFacts,
  ProbeFacts,
  Sent,
  Target,
  TokenForm,
} from './facts.ts';
export type { Certainty, Check, Evidence, Finding, Report, Witness } from './finding.ts';
export { precedence } from './precedence.ts';
export { type RedText, readRedText } from './red-text.ts';
