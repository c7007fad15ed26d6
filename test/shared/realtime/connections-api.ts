/** A server in the place of the connections API, with the answers that a test chooses. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { vi, type Mock } from 'vitest';
import type { ConnectionGatewaySettings } from '../../../shared/realtime/connection-gateway.ts';

export interface ConnectionsApi {
  url: string;
  server: Server;
  /** The settings of a gateway that posts to it. */
  settings: ConnectionGatewaySettings;
  /** The warnings that the gateway logged. */
  warn: Mock;
  /** The requests that the server has received. */
  requests: { method: string | undefined; url: string | undefined; body: string }[];
  /** The sockets over which they came. */
  sockets: Socket[];
  /** The answers in their order, of which the last one repeats; `undefined` stands for no answer. */
  answers: ({ status: number; error?: string } | undefined)[];
  /** The requests without an answer. */
  hanging: Set<ServerResponse>;
  /** Forgets all requests. */
  reset(): void;
  close(): void;
}

export async function startConnectionsApi(): Promise<ConnectionsApi> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      api.requests.push({ method: request.method, url: request.url, body });
      api.sockets.push(request.socket);
      const answer = api.answers.length > 1 ? api.answers.shift() : api.answers[0];
      if (answer === undefined) api.hanging.add(response);
      else if (answer.status === 0) request.socket.destroy();
      else
        response
          .writeHead(answer.status, answer.error === undefined ? {} : { 'x-amzn-ErrorType': answer.error })
          .end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const warn = vi.fn();
  const api: ConnectionsApi = {
    url: `http://127.0.0.1:${port}/stage`,
    server,
    settings: {
      region: 'us-east-1',
      credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
      clock: { now: () => Date.now() },
      // Retries follow at once, without a pause.
      random: { integer: () => 0 },
      logger: { warn },
      metrics: { add: () => undefined },
    },
    warn,
    requests: [],
    sockets: [],
    answers: [],
    hanging: new Set(),
    reset() {
      api.requests = [];
      api.sockets = [];
      api.hanging.clear();
      warn.mockClear();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}
