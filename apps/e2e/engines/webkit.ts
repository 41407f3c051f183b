import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@signet/rig';
import { type Engine, type LaunchOptions, programOf, type Tab } from './engine.ts';

const timeout = 120_000;

/** The key under which WebDriver hands over an element (W3C WebDriver, section 12). */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** WebKitGTK's small browser, over W3C WebDriver, on a display that nobody sees. */
export async function launchWebKit({ proxyPort, blocks }: LaunchOptions): Promise<Engine> {
  const program = programOf('webkit');
  const display = await startDisplay();
  const [port = 0] = await freePorts(1);
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    // WebKit's sandbox needs user namespaces, which containers do not have.
    env: { ...process.env, DISPLAY: display.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    stdio: 'ignore',
  });
  const stop = async () => {
    await end(driver);
    await end(display.process);
  };
  try {
    const send = createSender(`http://127.0.0.1:${port}`);
    await waitUntilReady(send, driver);
    const policies = { nothing: 'always', 'third-party': 'no-third-party', all: 'never' } as const;
    const { sessionId } = await send<{ sessionId: string }>('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': {
            binary: program,
            args: [
              '--automation',
              ...(blocks ? [`--cookies-policy=${policies[blocks]}`] : []),
              ...(blocks === 'all' ? ['--enable-html5-local-storage=FALSE'] : []),
              // Not the capability `proxy`: with its `sslProxy` WebKitGTK speaks TLS to the proxy itself.
              ...(proxyPort === undefined ? [] : [`--proxy=http://127.0.0.1:${proxyPort}`]),
            ],
          },
          acceptInsecureCerts: proxyPort !== undefined,
        },
      },
    });
    const path = `/session/${sessionId}`;
    await send('POST', `${path}/timeouts`, { script: timeout, pageLoad: timeout });
    await send('POST', `${path}/window/rect`, { width: 1280, height: 900 });
    const first = await send<string>('GET', `${path}/window`);
    const inWindow = createWindows(send, path);
    let isFirst = true;
    return {
      name: 'webkit',
      async openTab() {
        const handle = isFirst
          ? first
          : (await send<{ handle: string }>('POST', `${path}/window/new`, { type: 'tab' })).handle;
        isFirst = false;
        return createTab((method, tail, body) => inWindow(handle, method, tail, body));
      },
      async close() {
        await send('DELETE', path).catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Send = <Value>(method: string, path: string, body?: unknown) => Promise<Value>;

function createSender(url: string): Send {
  return async <Value>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    });
    const { value } = (await answer.json()) as { value: Value & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
}

/** A session has one current window, so its commands queue up, each after the switch to its own window. */
function createWindows(send: Send, path: string) {
  let queue: Promise<unknown> = Promise.resolve();
  return <Value>(handle: string, method: string, tail: string, body?: unknown): Promise<Value> => {
    const work = queue.then(async () => {
      await send('POST', `${path}/window`, { handle });
      return send<Value>(method, `${path}${tail}`, body);
    });
    queue = work.catch(() => undefined);
    return work;
  };
}

function createTab(send: Send): Tab {
  const find = async (xpath: string): Promise<string> => {
    const giveUpAt = Date.now() + timeout;
    for (;;) {
      const found = await send<Record<string, string>[]>('POST', '/elements', {
        using: 'xpath',
        value: xpath,
      });
      const id = found[0]?.[elementKey];
      if (id !== undefined && (await send<boolean>('GET', `/element/${id}/displayed`).catch(() => false)))
        return id;
      if (Date.now() > giveUpAt) throw new Error(`There is no ${xpath}`);
      await delay(50);
    }
  };
  return {
    goto: async (url) => void (await send('POST', '/url', { url })),
    reload: async () => void (await send('POST', '/refresh')),
    waitFor: async (xpath) => void (await find(xpath)),
    click: async (xpath) => void (await send('POST', `/element/${await find(xpath)}/click`)),
    fill: async (xpath, text) => void (await send('POST', `/element/${await find(xpath)}/value`, { text })),
    async evaluate<Result>(work: (argument: string) => Result | Promise<Result>, argument = '') {
      // A failure is handed over as a value, because WebDriver waits for the callback only.
      const script = `const done = arguments[1];
        Promise.resolve().then(() => (${work})(arguments[0]))
          .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const outcome = await send<{ value: Result } | { error: string }>('POST', '/execute/async', {
        script,
        args: [argument],
      });
      if ('error' in outcome) throw new Error(outcome.error);
      return outcome.value;
    },
  };
}

async function waitUntilReady(send: Send, driver: ChildProcess): Promise<void> {
  while (driver.exitCode === null) {
    const isReady = await send<{ ready: boolean }>('GET', '/status').then(
      ({ ready }) => ready,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error('WebKitWebDriver ended before it listened');
}

/** Xvfb chooses a free display and writes its number to the descriptor 3. */
async function startDisplay() {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const numbers = xvfb.stdio[3] as NodeJS.ReadableStream;
  const [number] = (await Promise.race([
    once(numbers, 'data'),
    once(xvfb, 'exit').then(() => {
      throw new Error('Xvfb ended before it had a display');
    }),
  ])) as [Buffer];
  return { name: `:${number.toString().trim()}`, process: xvfb };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
