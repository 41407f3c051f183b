import type { Api } from '../../rig/api.ts';
import type { Answer, CallOptions } from '../../rig/calls.ts';
import type { Engine } from '../../rig/databases.ts';
import { countEach } from '../../rig/figures.ts';
import type { Stage } from '../../rig/stage.ts';

/** One attack, as its author would carry it out. */
export type Recipe = {
  /** What is tried. */
  readonly tried: string;
  /** What must come, word for word as `run` tells it. */
  readonly expected: string;
  /** Where nginx answers by itself, and differently. */
  readonly expectedBehindNginx?: string;
  readonly run: (scene: Scene) => Promise<string>;
  /** It needs a process or a file that nginx has nothing to do with. */
  readonly isDirectOnly?: true;
  /** The command that it uses is for SQLite. */
  readonly isForSqliteOnly?: true;
};

export type Group = {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly recipes: readonly Recipe[];
};

/** A database that nothing has used, and the folder for the files beside it. */
export type Place = { readonly env: Readonly<Record<string, string>>; readonly folder: string };

/** Where a recipe is tried: a running API with the demo users, and the port through which it is reached. */
export type Scene = {
  readonly stage: Stage;
  readonly engine: Engine;
  /** Of the API itself or of the nginx before it. */
  readonly port: number;
  readonly api: Api;
  /** What the API runs on. */
  readonly place: Place;
  /** Of the nginx before the API. */
  readonly nginxPid: number | undefined;
  /** `from` is the address of loopback that the caller has, if it is not 127.0.0.1. */
  readonly call: (
    method: string,
    path: string,
    options?: CallOptions & { readonly from?: string },
  ) => Promise<Answer>;
  /** A plain user of their own, who is signed in by bearer token. */
  readonly newUser: () => Promise<User>;
  readonly admin: () => Promise<string>;
  readonly freshPlace: () => Promise<Place>;
};

export type User = {
  readonly id: number;
  readonly uid: string;
  readonly token: string;
  readonly refreshToken: string;
};

export const password = 'a password of nobody else';

/** The status, and the code of the problem if there is one. */
export function told({ status, text, failure }: Answer): string {
  const code = /^\{.*"code":"(\w+)"/s.exec(text)?.[1];
  return failure ?? (code === undefined ? String(status) : `${status} ${code}`);
}

/** How often each outcome came, the most frequent first, so that many answers are one line. */
export function summed(outcomes: readonly string[]): string {
  return countEach(outcomes)
    .map(([outcome, count]) => `${count} × ${outcome}`)
    .join(', ');
}

/** Runs the work so often, so many at a time. */
export async function repeat<Result>(
  times: number,
  atOnce: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const loop = async () => {
    for (let index = next++; index < times; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return results;
}

/** The `name=value` pairs of the cookies that an answer sets. */
export function cookiesOf({ headers }: Answer): string[] {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] ?? '');
}
