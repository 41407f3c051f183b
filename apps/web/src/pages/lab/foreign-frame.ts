/** How far a foreign page is from the app: on its site, where cookies are sent, or on another. */
export type Site = 'same-site' | 'cross-site';

export type ForeignOrder = {
  readonly order: 'post' | 'post-json' | 'sign-in' | 'plant' | 'clear';
  readonly token?: string;
};

export type ForeignFrame = ReturnType<typeof createForeignFrame>;

/** So long the foreign page may take; an answer takes milliseconds. */
const patienceMs = 10_000;

/**
 * Gives orders to the foreign page of the lab, in a frame that exists for one order. Only what the frame itself says, from
 * its own origin, counts as its answer.
 */
export function createForeignFrame(port: number) {
  const originOf = (site: Site): string => {
    const { hostname } = window.location;
    const other = hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';
    return `http://${site === 'same-site' ? hostname : other}:${port}`;
  };
  return {
    originOf,
    /** Resolves to `read 200`, to the name of the error, or to what was done. Rejects if the page does not answer. */
    async order(site: Site, order: ForeignOrder): Promise<string> {
      const origin = originOf(site);
      const frame = document.createElement('iframe');
      frame.hidden = true;
      frame.title = 'The foreign page of the lab';
      frame.src = `${origin}/`;
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      document.body.append(frame);
      try {
        await loaded;
        return await ask(frame, origin, order);
      } finally {
        frame.remove();
      }
    },
  };
}

function ask(frame: HTMLIFrameElement, origin: string, order: ForeignOrder): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      stop.abort();
      reject(new Error('The foreign page of the lab does not answer. Is npm run dev still running?'));
    }, patienceMs);
    window.addEventListener(
      'message',
      ({ origin: from, source, data }: MessageEvent) => {
        if (from !== origin || source !== frame.contentWindow || typeof data?.outcome !== 'string') return;
        clearTimeout(timer);
        stop.abort();
        resolve(data.outcome);
      },
      { signal: stop.signal },
    );
    frame.contentWindow?.postMessage(order, origin);
  });
}
