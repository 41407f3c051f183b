import type { Fix, Reference } from './causes/cause.ts';
import type { CauseId } from './causes/index.ts';

export type Witness = 'page' | 'api' | 'probe';

/** Something that one witness saw, as a sentence. */
export type Evidence = { readonly witness: Witness; readonly saw: string };

/** `proved`: a witness shows it. `likely`: all others are excluded. `possible`: a witness is missing. */
export type Certainty = 'proved' | 'likely' | 'possible';

/**
 * The calls that a cause breaks. A cause silences those below it whose calls it breaks as well, because
 * those cannot be seen until it is gone.
 */
export type Scope =
  | 'all'
  | 'preflights'
  | 'sign-in'
  | 'cookies'
  | 'token'
  | 'method'
  | 'header'
  | 'errors'
  | 'cache'
  | 'clock';

/** What a rule says about the facts. */
export type Observation = {
  readonly id: CauseId;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** What the cause breaks; all calls unless it says otherwise. */
  readonly breaks?: readonly Scope[];
  /** Instead of the general sentence of the cause, with the names of this case. */
  readonly says?: string;
  /** Instead of the general fixes of the cause. */
  readonly fix?: readonly Fix[];
  /** What to do to settle a `possible` one. */
  readonly next?: string;
  /** Explains something that is not broken. It is never called a fault. */
  readonly isNotice?: boolean;
};

export type Finding = {
  readonly id: CauseId;
  readonly code: string;
  readonly says: string;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  readonly fix: readonly Fix[];
  readonly references: readonly Reference[];
  /** What follows from it, or cannot be judged before it is gone. */
  readonly consequences: readonly CauseId[];
  readonly next?: string;
};

export type Check = {
  readonly check: 'reach' | 'origin' | 'preflights' | 'answers' | 'cookies' | 'token' | 'clock' | 'browser';
  readonly result: 'right' | 'fault' | 'unknown';
  readonly saw: string;
};

export type Report = {
  readonly findings: readonly Finding[];
  readonly notices: readonly Finding[];
  readonly checked: readonly Check[];
};
