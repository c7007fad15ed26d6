/** Controls the load generator, which is a process of its own so that the bench does not delay it. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadRequest, OpenRequest, OpenResult, RunRequest, RunResult } from './load-messages.ts';

export interface Load {
  open(request: Omit<OpenRequest, 'kind'>): Promise<OpenResult>;
  run(request: Omit<RunRequest, 'kind'>): Promise<RunResult>;
  /** Closes the sockets. */
  close(): Promise<void>;
  end(): Promise<void>;
}

export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)));
  const exited = once(child, 'exit');

  function send(request: LoadRequest): Promise<any> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`The load generator exited with ${code}`));
      child.once('exit', gone);
      child.once('message', ({ result, failure }: { result?: unknown; failure?: string }) => {
        child.removeListener('exit', gone);
        if (failure === undefined) resolve(result);
        else reject(new Error(failure));
      });
      child.send(request);
    });
  }

  return {
    open: (request) => send({ kind: 'open', ...request }),
    run: (request) => send({ kind: 'run', ...request }),
    close: () => send({ kind: 'close' }),
    async end() {
      child.disconnect();
      await exited;
    },
  };
}
