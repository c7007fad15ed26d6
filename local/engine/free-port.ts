/** Finds an unused port. */

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Returns an unused port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('The operating system assigned no port');
  return address.port;
}
