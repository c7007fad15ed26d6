/**
 * Drives the Chromium of the machine over its DevTools protocol: starts it without a window, opens pages and runs
 * functions in them. The protocol needs nothing but a WebSocket, so no package that brings its own browser is required.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const startTimeoutMs = 30_000;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent, or not for this user to run.
    return false;
  }
}

/** Returns the path of the browser: the one in CHROMIUM_PATH, or the first on the PATH; undefined when there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = environment['CHROMIUM_PATH'];
  if (given !== undefined) return isExecutable(given) ? given : undefined;
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

export interface Page {
  /** Runs a function in the page with the given arguments, as JSON, and returns what it resolves to, as JSON. */
  run<A extends readonly unknown[], R>(script: (...args: A) => Promise<R> | R, ...args: A): Promise<R>;
}

export interface Browser {
  /** Opens the address in a new tab and resolves when it has loaded. */
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Starts the browser.
 * @throws Error when it does not offer its DevTools within 30 seconds
 */
export async function startChromium(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'chat-browser-'));
  const child = spawn(
    path,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      // Chromium refuses to run as root, as which containers run it, with its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  async function stop(): Promise<void> {
    child.kill();
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
  try {
    const devTools = await connectDevTools(await devToolsAddress(child));
    return {
      open: (url) => devTools.open(url),
      async close() {
        devTools.disconnect();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the line in which the browser names the address of its DevTools. */
function devToolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const output: string[] = [];
    const fail = (): void => reject(new Error(`Chromium did not start: ${output.join('\n')}`));
    const timer = setTimeout(fail, startTimeoutMs);
    child.once('exit', fail);
    child.once('error', reject);
    createInterface({ input: child.stderr! }).on('line', (line) => {
      output.push(line);
      const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

interface Reply {
  id?: number;
  method?: string;
  sessionId?: string;
  result?: any;
  error?: { message: string };
}

async function connectDevTools(
  address: string,
): Promise<{ open(url: string): Promise<Page>; disconnect(): void }> {
  const webSocket = new WebSocket(address);
  await once(webSocket, 'open');
  const pending = new Map<number, (reply: Reply) => void>();
  const loaded = new Map<string, () => void>();
  let lastId = 0;
  webSocket.on('message', (data: Buffer) => {
    const reply: Reply = JSON.parse(data.toString());
    if (reply.id !== undefined) pending.get(reply.id)?.(reply);
    else if (reply.method === 'Page.loadEventFired') loaded.get(reply.sessionId ?? '')?.();
  });

  async function send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = (lastId += 1);
    const reply = await new Promise<Reply>((resolve) => {
      pending.set(id, resolve);
      webSocket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
    pending.delete(id);
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result;
  }

  return {
    disconnect: () => webSocket.terminate(),
    async open(url) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      await send('Page.enable', {}, sessionId);
      const isLoaded = new Promise<void>((resolve) => loaded.set(sessionId, resolve));
      await send('Page.navigate', { url }, sessionId);
      await isLoaded;
      return {
        async run(script, ...args) {
          const expression = `(${script.toString()})(${args.map((one) => JSON.stringify(one)).join(', ')})`;
          const evaluation = { expression, awaitPromise: true, returnByValue: true };
          const { result, exceptionDetails } = await send('Runtime.evaluate', evaluation, sessionId);
          if (exceptionDetails) {
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
          }
          return result.value;
        },
      };
    },
  };
}
