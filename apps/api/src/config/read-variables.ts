import { isIP } from 'node:net';
import { isHostName } from '@signet/contracts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Notes one problem of the configuration: what is wrong, and its fix. */
export type Report = (problem: string) => void;

export type VariableReader = ReturnType<typeof createVariableReader>;

/**
 * Readers of one variable each. An invalid value is reported and the fallback stands in for it, so that
 * reading goes on and all problems are found at once. An empty variable counts as unset, because compose
 * passes unset ones so.
 */
export function createVariableReader(env: Environment, report: Report) {
  const text = (name: string, fallback: string): string => env[name]?.trim() || fallback;

  const choice = <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: Choice,
  ): Choice => {
    const given = text(name, fallback);
    const chosen = choices.find((each) => each === given);
    if (chosen === undefined)
      report(`${name}=${given} is not known. Set it to one of: ${choices.join(', ')}.`);
    return chosen ?? fallback;
  };

  return {
    text,
    choice,

    /**
     * The value with every space in it; undefined if it is unset or blank. For secrets, which are
     * never trimmed.
     */
    exact: (name: string): string | undefined => (env[name]?.trim() ? env[name] : undefined),

    list: (name: string, fallback: readonly string[]): readonly string[] => {
      const given = text(name, '');
      return given === '' ? fallback : given.split(',').map((each) => each.trim());
    },

    host: (name: string, fallback: string): string => {
      const given = text(name, fallback);
      if (isIP(given) === 0 && !isHostName(given))
        report(`${name}=${given} is neither an IP address nor a host name.`);
      return given;
    },

    /** A text that every token carries. It is short, because a token has at most 4 kB. */
    claim: (name: string, fallback: string): string => {
      const given = text(name, fallback);
      if (given.length > 255) report(`${name} has ${given.length} characters. It may have 255.`);
      return given;
    },

    flag: (name: string, fallback: boolean): boolean =>
      choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true',

    whole: (name: string, fallback: number, min: number, max: number): number => {
      const given = text(name, String(fallback));
      const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
      if (value >= min && value <= max) return value;
      report(`${name}=${given} must be a whole number from ${min} to ${max}.`);
      return fallback;
    },
  };
}
