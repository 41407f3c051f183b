/**
 * Runs `before` in a hidden document of the page's origin, reloads that document, and resolves to what `after` makes
 * there. Its script variables are gone then; what the browser stores for the origin is not.
 *
 * `srcdoc` needs no request, so the page's policy, which allows no frames, does not apply to it.
 */
export async function acrossReload<Result>(
  before: (frame: Window) => void,
  after: (frame: Window & { fetch: typeof fetch }) => Promise<Result>,
): Promise<Result> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.srcdoc = '<!doctype html><title>reload</title>';
  frame.title = 'A document that is reloaded';
  try {
    await loaded(frame, () => document.body.append(frame));
    before(windowOf(frame));
    await loaded(frame, () => windowOf(frame).location.reload());
    return await after(windowOf(frame));
  } finally {
    frame.remove();
  }
}

function loaded(frame: HTMLIFrameElement, start: () => void): Promise<void> {
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(), { once: true });
    start();
  });
}

function windowOf(frame: HTMLIFrameElement): Window & { fetch: typeof fetch } {
  if (!frame.contentWindow) throw new Error('The frame has no document');
  return frame.contentWindow as Window & { fetch: typeof fetch };
}
