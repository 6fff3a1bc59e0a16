import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Path of the browser; absent: this machine has none. */
export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** A page of a browser in which nobody is signed in anywhere at first. */
export interface BrowserPage {
  /** Resolves when the page that it ends at, after all redirects, has loaded. */
  open(url: string): Promise<void>;
  /** Clicks the first button or link with this text, as a person does, and waits for the page it leads to. */
  click(text: string): Promise<void>;
  /** What a person reads. */
  text(): Promise<string>;
  url(): Promise<string>;
  /** Status of the last document. */
  status(): number | undefined;
  /** Presses a key, as `Tab` or `Enter`. */
  press(key: string): Promise<void>;
  /** What an expression comes to in the page, awaited; also where the page itself may run no script. */
  evaluate(expression: string): Promise<unknown>;
  /** Any method of the protocol, for this page. */
  call(method: string, params?: object): Promise<Record<string, unknown>>;
  /** A page with the cookies of this one. */
  another(): Promise<BrowserPage>;
}

const ARGUMENTS = [
  ...['--headless=new', '--remote-debugging-port=0', '--no-first-run', '--no-default-browser-check'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
  // As root, as in a container, it starts no other way; what it opens here is our own.
  ...['--no-sandbox', '--disable-gpu'],
  // A window would load two pages of its own for what its address bar proposes.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  // One process for all pages of somebody: what sites may do to each other stays, and nobody here breaks out of one.
  ...['--disable-site-isolation-trials', '--renderer-process-limit=1', 'about:blank'],
];

const SCREEN = { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false };
const KEY_CODES: Readonly<Record<string, number>> = { Tab: 9, Enter: 13 };

/**
 * Starts Chromium, driven over its own protocol.
 * @param atEnd gets what ends it, to be called when it is no longer needed
 * @param isDrawn whether pictures can be taken of its pages
 * @returns a maker of pages, each with cookies of its own, and what all of them said in their consoles
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export const startChromium = async (
  atEnd: (close: () => Promise<void>) => unknown,
  { isDrawn = false } = {},
) => {
  const profile = mkdtempSync(join(tmpdir(), 'keywatch-chromium-'));
  const child = spawn(chromiumPath ?? 'chromium', [`--user-data-dir=${profile}`, ...ARGUMENTS], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  atEnd(async () => {
    child.kill('SIGKILL');
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const socket = new WebSocket(await addressOf(child.stderr));
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Set<(message: Message) => void>();
  const said: string[] = [];
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) for (const listener of listeners) listener(message);
    else waiting.get(message.id)?.(message);
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));

  const send = (method: string, params: object = {}, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, ({ result = {}, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    });

  const newPage = async (context?: unknown): Promise<BrowserPage> => {
    const browserContextId = context ?? (await send('Target.createBrowserContext'))['browserContextId'];
    // In no window, whose frame would be drawn, too; so its size comes from here.
    const where = { browserContextId, ...(isDrawn ? {} : { hidden: true, background: true }) };
    const { targetId } = await send('Target.createTarget', { url: 'about:blank', ...where });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const session = String(sessionId);
    const call = (method: string, params: object = {}) => send(method, params, session);
    let status: number | undefined;
    let hasLoaded = (_document: unknown) => {};
    listeners.add(({ method, params = {}, sessionId: from }) => {
      if (from !== session) return;
      if (method === 'Page.lifecycleEvent' && params['name'] === 'load' && params['frameId'] === targetId)
        hasLoaded(params['loaderId']);
      const { response, type } = params as { response?: { status: number }; type?: string };
      if (method === 'Network.responseReceived' && type === 'Document') status = response?.status;
      if (
        method === 'Runtime.consoleAPICalled' ||
        method === 'Runtime.exceptionThrown' ||
        method === 'Log.entryAdded'
      )
        said.push(JSON.stringify(params));
    });
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await call(`${domain}.enable`);
    await call('Page.setLifecycleEventsEnabled', { enabled: true });
    await call('Emulation.setDeviceMetricsOverride', SCREEN);
    /** Resolves when another document than the present one, whose own load may be still to come, has loaded. */
    const anotherLoads = async () => {
      const { frameTree } = await call('Page.getFrameTree');
      const present = (frameTree as { frame: { loaderId: string } }).frame.loaderId;
      const { promise, resolve } = Promise.withResolvers<void>();
      hasLoaded = (document) => document !== present && resolve();
      // Not awaited: what makes it load comes after this.
      return { promise };
    };
    const evaluate = async (expression: string): Promise<unknown> => {
      const asked = { expression, returnByValue: true, awaitPromise: true };
      const { result, exceptionDetails } = await call('Runtime.evaluate', asked);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value?: unknown }).value;
    };
    return {
      async open(url) {
        const another = await anotherLoads();
        const { errorText } = await call('Page.navigate', { url });
        if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
        await another.promise;
      },
      async click(text) {
        const middle = `(() => {
          const found = [...document.querySelectorAll('a, button')].find((one) => one.textContent.trim() === ${JSON.stringify(text)});
          if (!found) return null;
          found.scrollIntoView({ block: 'center' });
          const { x, y, width, height } = found.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        })()`;
        const at = await evaluate(middle);
        if (at === null)
          throw new Error(`no "${text}" on ${String(await evaluate('document.body.innerText'))}`);
        const another = await anotherLoads();
        for (const type of ['mousePressed', 'mouseReleased'])
          await call('Input.dispatchMouseEvent', { type, ...(at as object), button: 'left', clickCount: 1 });
        await another.promise;
      },
      text: async () => String(await evaluate('document.body.innerText')),
      url: async () => String(await evaluate('location.href')),
      status: () => status,
      async press(key) {
        const pressed = { key, code: key, windowsVirtualKeyCode: KEY_CODES[key] };
        const text = key === 'Enter' ? { text: '\r' } : {};
        await call('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed, ...text });
        await call('Input.dispatchKeyEvent', { type: 'keyUp', ...pressed });
      },
      evaluate,
      call,
      another: () => newPage(browserContextId),
    };
  };
  return { newPage: () => newPage(), said };
};

/** Chromium says on its standard error where it listens. */
const addressOf = (stderr: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    stderr.on('data', (chunk) => {
      text += String(chunk);
      const [, address] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    });
    stderr.once('end', () => reject(new Error(`chromium did not start: ${text}`)));
  });
