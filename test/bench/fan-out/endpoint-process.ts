/** A process that answers every post with 200 after the latency that it was started with. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrivals } from './endpoint.ts';

const latencyMs = Number(process.argv[2]);
let arrivals: Arrivals = { count: 0, lastAtMs: 0 };

const server = createServer((incoming, response) => {
  incoming.resume().once('end', () => {
    const answer = (): void => {
      arrivals.count += 1;
      arrivals.lastAtMs = Date.now();
      response.writeHead(200, { 'content-length': 0 }).end();
    };
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

process.on('message', () => {
  process.send?.(arrivals);
  arrivals = { count: 0, lastAtMs: 0 };
});
process.on('disconnect', () => process.exit());
