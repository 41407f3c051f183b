/** Counters of one file, as istanbul-lib-instrument writes them: by number of the statement, and so on. */
type FileCounters = {
  s: Record<string, number> | Uint32Array;
  f: Record<string, number> | Uint32Array;
  b: Record<string, number[]> | number[][];
};

export type Counters = Readonly<Record<string, FileCounters>>;

/**
 * Tells whether an input made the instrumented code do something that no input before it did: another
 * statement or branch, or the same one in another order of magnitude of times, as AFL counts.
 */
export function createCoverage(counters: Counters) {
  const files = Object.values(counters).map(makeDense);
  /** By place, a bit for each order of magnitude in which it was reached. */
  const seen: number[] = [];
  let reached = 0;

  /** Sets every counter to zero, and returns whether there was anything new in them. */
  function collect(): boolean {
    let isNew = false;
    let place = 0;
    const note = (count: number) => {
      const times = seen[place] ?? 0;
      const bit = 1 << (31 - Math.clz32(count));
      if (times === 0) reached += 1;
      if ((times & bit) === 0) isNew = true;
      seen[place] = times | bit;
    };
    for (const { statements, branches } of files) {
      for (const count of statements) {
        if (count > 0) note(count);
        place += 1;
      }
      for (const ways of branches)
        for (const [way, count] of ways.entries()) {
          if (count > 0) note(count);
          ways[way] = 0;
          place += 1;
        }
      statements.fill(0);
    }
    return isNew;
  }

  return { collect, reached: () => reached };
}

/** Replaces the counters by arrays, which the instrumented code increments as well: objects are slow to read. */
function makeDense(file: FileCounters) {
  const statements = Uint32Array.from(Object.values(file.s));
  const branches = Object.values(file.b);
  Object.assign(file, { s: statements, f: Uint32Array.from(Object.values(file.f)), b: branches });
  return { statements, branches };
}
