/** Starts a replacement of `@connections`, on which every post succeeds after a latency. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Arrivals {
  count: number;
  /** When the last one was answered, in milliseconds since 1970. */
  lastAtMs: number;
}

export interface Endpoint {
  /** Includes a stage, as in the functions' settings. */
  url: string;
  /** Returns the posts since the last call. */
  arrivals(): Promise<Arrivals>;
  end(): Promise<void>;
}

export async function startEndpoint(latencyMs: number): Promise<Endpoint> {
  const child = fork(fileURLToPath(new URL('endpoint-process.ts', import.meta.url)), [String(latencyMs)]);
  const exited = once(child, 'exit');
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}/bench`,
    async arrivals() {
      const answer = once(child, 'message');
      child.send('arrivals');
      const [arrivals] = (await answer) as [Arrivals];
      return arrivals;
    },
    async end() {
      child.disconnect();
      await exited;
    },
  };
}
