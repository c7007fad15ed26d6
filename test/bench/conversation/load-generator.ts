/** The process that generates load: handles the requests of the bench one after the other. */

import type { LoadRequest, LoadResult } from './load-messages.ts';
import { runLoad } from './load-run.ts';
import { openSockets, type LoadSocket } from './load-sockets.ts';

let sockets: LoadSocket[] = [];

process.on('message', (request: LoadRequest) => {
  handle(request).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.stack : String(error) }),
  );
});
// The bench has ended.
process.on('disconnect', () => process.exit());

async function handle(request: LoadRequest): Promise<LoadResult> {
  switch (request.kind) {
    case 'open':
      return openSockets(request, sockets);
    case 'run':
      return runLoad(request, sockets);
    case 'close':
      await closeAll();
      return undefined;
  }
}

async function closeAll(): Promise<void> {
  await Promise.all(
    sockets.map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          if (socket.readyState === socket.CLOSED) return resolve();
          socket.once('close', () => resolve());
          socket.close(1000);
        }),
    ),
  );
  sockets = [];
}
