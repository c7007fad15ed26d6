/** A proxy between the functions and the database engine that passes each call to a handler first. */

import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Caller, EnvironmentRegistry } from '../functions/environment-registry.ts';

export interface DatabaseCall {
  /** Such as `PutItem`. */
  operation: string;
  /** Undefined when the call does not come from a function. */
  caller: Caller | undefined;
  body: Buffer;
  /** Whether the caller has stopped waiting for an answer. */
  isAbandoned(): boolean;
}

export interface DatabaseAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Returns the answer for the caller, or undefined to cut its connection as in a network failure. */
export type HandleDatabaseCall = (
  call: DatabaseCall,
  perform: () => Promise<DatabaseAnswer | undefined>,
) => Promise<DatabaseAnswer | undefined>;

export interface DatabaseProxy {
  endpoint: string;
  /** Never answers again over the connections that are idle now, as when a network drops them; returns their number. */
  silenceIdle(): number;
  close(): Promise<void>;
}

export interface DatabaseProxyOptions {
  engineEndpoint: string;
  registry: Pick<EnvironmentRegistry, 'caller'>;
  handle: HandleDatabaseCall;
}

/** Opens the proxy on its own port. */
export async function openDatabaseProxy({
  engineEndpoint,
  registry,
  handle,
}: DatabaseProxyOptions): Promise<DatabaseProxy> {
  const engine = new URL(engineEndpoint);
  const agent = new Agent({ keepAlive: true });

  /** Forwards a call to the engine; resolves with undefined when the engine is down or dies. */
  function perform(incoming: IncomingMessage, body: Buffer): Promise<DatabaseAnswer | undefined> {
    return new Promise((resolve) => {
      const { url, method, headers } = incoming;
      const target = { host: engine.hostname, port: engine.port, path: url, method, headers, agent };
      const outgoing = httpRequest(target, (answer) => {
        collect(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }),
          () => resolve(undefined),
        );
      });
      outgoing.on('error', () => resolve(undefined));
      outgoing.end(body);
    });
  }

  const idle = new Set<Socket>();
  const silent = new WeakSet<Socket>();

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await collect(incoming);
    const { 'x-amz-target': target = '', authorization } = incoming.headers;
    const call: DatabaseCall = {
      operation: String(target).split('.')[1] ?? '',
      caller: registry.caller(authorization),
      body,
      isAbandoned: () => response.destroyed,
    };
    const answer = await handle(call, () => perform(incoming, body));
    if (answer === undefined) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  // Idle connections of the functions stay open, as with the engine itself.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
    const { socket } = incoming;
    if (silent.has(socket)) return;
    idle.delete(socket);
    response.once('close', () => void (socket.destroyed || idle.add(socket)));
    serve(incoming, response).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The operating system assigned no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    silenceIdle() {
      const sockets = [...idle];
      for (const socket of sockets) silent.add(socket);
      idle.clear();
      return sockets.length;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

async function collect(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
