/** A local runtime in a process of its own, or the address of a server that is up already. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectDirectory } from '../../chaos/harness/replaced-modules.ts';
import { benchSettings } from '../settings.ts';
import { cpuSecondsOf } from './cpu-time.ts';

export interface ChatServer {
  url: string;
  /** From the start to `ready`; undefined when it was up already. */
  startSeconds?: number;
  /** Of all its processes so far; undefined where that cannot be told. */
  cpuSeconds: () => number | undefined;
  stop(): Promise<void>;
}

export function serverAt(url: string): ChatServer {
  return { url, cpuSeconds: () => undefined, stop: async () => {} };
}

/** By the way that `npm start` takes; rejects with what it printed when it does not become ready. */
export async function startServer(): Promise<ChatServer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['tools/run.mjs', 'test/bench/conversation/serve.ts'], {
    cwd: projectDirectory,
    env: { ...process.env, ...benchSettings },
    // Its standard input ends when this process does, which tells it to stop.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  /** Warnings and errors of the functions and the runtime. */
  const noticed: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /^ready (\S+)$/.exec(line) ?? [];
      if (address === undefined) noticed.push(line);
      else resolve(address);
    });
    child.once('exit', () => reject(new Error(`the local runtime did not start: ${noticed.join('\n')}`)));
  });
  return {
    url,
    startSeconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: () => cpuSecondsOf(child.pid as number),
    async stop() {
      child.stdin.end();
      await exited;
      if (noticed.length > 0)
        process.stderr.write(
          `the runtime printed ${noticed.length} lines, such as: ${noticed[0]?.slice(0, 300)}\n`,
        );
    },
  };
}
