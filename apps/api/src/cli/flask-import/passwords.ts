import { readLegacyPassword, readStoredPassword, unusablePassword } from '../../auth/password-formats.ts';
import { costOf, maxRefusalMs, type PasswordMethod } from '../../auth/password-methods.ts';
import type { Passwords } from '../../auth/passwords.ts';

/** What is stored for a row's password. `lost` says why nothing can be verified against it. */
export type StoredImport = { readonly text: string; readonly lost?: string };

type Plan = { readonly kind: 'keep' | 'wrap'; readonly text: string; readonly method: PasswordMethod };

/**
 * Wrapping waits for so many at a time: enough to keep every thread busy, far fewer than the pool's
 * queue holds.
 */
const atOnce = 16;

export type PasswordImport = ReturnType<typeof createPasswordImport>;

/**
 * Decides what becomes of the passwords of many rows. Every row is `add`ed first; `settle` then wraps the
 * older hashes in argon2id, which costs a hash a row, and `find` gives what to store.
 *
 * A user's method counts against the cost of a refused sign-in (docs/decisions/0004). What does not fit in
 * beside `methodsInUse` is not imported, the methods with the fewest users first. A player's password is
 * never verified, so its method costs nothing.
 */
export function createPasswordImport(passwords: Pick<Passwords, 'wrap'>) {
  const plans = new Map<string, Plan & { readonly isUser: boolean }>();
  const settled = new Map<string, StoredImport>();

  return {
    add(table: 'users' | 'players', position: number, value: unknown): void {
      const key = `${table} ${position}`;
      const plan = planFor(value);
      if (!('kind' in plan)) settled.set(key, plan);
      else plans.set(key, { ...plan, isUser: table === 'users' });
    },

    async settle(
      methodsInUse: readonly PasswordMethod[],
      onProgress: (done: number, of: number) => void,
    ): Promise<void> {
      const users = [...plans.values()].filter(({ isUser }) => isUser);
      const admitted = admit(
        users.map(({ method }) => method),
        methodsInUse,
      );
      const waiting: [string, string][] = [];
      for (const [key, { kind, text, method, isUser }] of plans) {
        if (isUser && !admitted.has(method)) settled.set(key, tooCostly);
        else if (kind === 'keep') settled.set(key, { text });
        else waiting.push([key, text]);
      }
      plans.clear();
      const total = waiting.length;
      let done = 0;
      const work = async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          const [key, text] = next;
          settled.set(key, { text: (await passwords.wrap(text)) ?? unusablePassword });
          done += 1;
          onProgress(done, total);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    },

    /** For a row that appeared after the others were settled. */
    missing: {
      text: unusablePassword,
      lost: 'it was not there when the import began',
    } satisfies StoredImport as StoredImport,

    /** Undefined for a row that was not added. */
    find: (table: 'users' | 'players', position: number): StoredImport | undefined =>
      settled.get(`${table} ${position}`),
  };
}

const tooCostly: StoredImport = {
  text: unusablePassword,
  lost: 'its hash, beside those in use, would make every refused sign-in too slow',
};

/** The reason never repeats the value: where it cannot be read it may well be the password itself. */
function planFor(value: unknown): Plan | StoredImport {
  if (value === null || value === undefined || value === '')
    return { text: unusablePassword, lost: 'it has no password' };
  if (typeof value === 'string' && value.length <= 512) {
    const stored = readStoredPassword(value);
    // Werkzeug's own hashes with few rounds can be read as well, and are wrapped all the same.
    const legacy = readLegacyPassword(value);
    if (legacy) return { kind: 'wrap', text: value, method: legacy.method };
    if (stored) return { kind: 'keep', text: value, method: stored.method };
  }
  return {
    text: unusablePassword,
    lost: 'its password is not hashed in a form known here (Werkzeug, argon2id), or too slow to check',
  };
}

/** Those of the methods that a refusal can pay for, those of most users first. */
function admit(methods: readonly PasswordMethod[], inUse: readonly PasswordMethod[]): Set<PasswordMethod> {
  const counts = new Map<PasswordMethod, number>();
  for (const method of methods) counts.set(method, (counts.get(method) ?? 0) + 1);
  const admitted = new Set(inUse);
  for (const [method] of [...counts].sort(([, a], [, b]) => b - a))
    if (costOf(...admitted, method) <= maxRefusalMs) admitted.add(method);
  return admitted;
}
