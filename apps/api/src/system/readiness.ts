const reuseMs = 1000;

/**
 * Whether the database answers and has every migration. Anyone may ask for it any number of times, which must
 * not keep the database from other work, so a good answer serves all questions of one second. Others are not
 * kept, so that the process is ready again as soon as its database is.
 *
 * Rejects as `ask` does.
 */
export function createReadiness(ask: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly answer: Promise<boolean> } | undefined;

  return async () => {
    const now = performance.now();
    if (!last || now - last.at > reuseMs) last = { at: now, answer: ask() };
    const current = last;
    const forget = () => {
      if (last === current) last = undefined;
    };
    try {
      const isReady = await current.answer;
      if (!isReady) forget();
      return isReady;
    } catch (error) {
      forget();
      throw error;
    }
  };
}
