/** Starts a local runtime in a process of its own, or uses a server that is running already. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectDirectory } from '../../chaos/harness/replaced-modules.ts';
import { benchSettings } from '../settings.ts';
import { cpuSecondsOf } from './cpu-time.ts';

export interface ChatServer {
  url: string;
  /** From the start to `ready`; undefined for a server that was running already. */
  startSeconds?: number;
  /** Processor time of all its processes so far; undefined when it cannot be measured. */
  cpuSeconds: () => number | undefined;
  stop(): Promise<void>;
}

export function serverAt(url: string): ChatServer {
  return { url, cpuSeconds: () => undefined, stop: async () => {} };
}

/** Starts a runtime as `npm start` does. Rejects with its output when it does not become ready. */
export async function startServer(): Promise<ChatServer> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['tools/run.mjs', 'test/bench/conversation/serve.ts'], {
    cwd: projectDirectory,
    env: { ...process.env, ...benchSettings },
    // Its standard input ends with this process, and then it stops.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  /** Warnings and errors of the functions and the runtime. */
  const notices: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /^ready (\S+)$/.exec(line) ?? [];
      if (address === undefined) notices.push(line);
      else resolve(address);
    });
    child.once('exit', () => reject(new Error(`The local runtime did not start: ${notices.join('\n')}`)));
  });
  return {
    url,
    startSeconds: (performance.now() - startedAtMs) / 1_000,
    cpuSeconds: () => cpuSecondsOf(child.pid as number),
    async stop() {
      child.stdin.end();
      await exited;
      if (notices.length > 0)
        process.stderr.write(
          `the runtime printed ${notices.length} lines, such as: ${notices[0]?.slice(0, 300)}\n`,
        );
    },
  };
}
