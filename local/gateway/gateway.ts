/**
 * One port for all that a deployment has at its front: the edge, the HTTP API, the WebSocket API and its
 * `@connections`. Here a request finds its part; what each part does is in its own file.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Invoke } from '../functions/invocation.ts';
import type { EdgeBehaviour, HttpApiDefinition, WebSocketApiDefinition } from '../stack.ts';
import { createEdge } from './edge.ts';
import { messageAnswer, refuseUpgrade, writeAnswer } from './gateway-answer.ts';
import {
  executeApiDomain,
  headerValue,
  readGatewayRequest,
  type GatewayRequest,
  type Log,
} from './gateway-request.ts';
import type { Connection } from './connection.ts';
import type { GatewayFaults } from './gateway-faults.ts';
import { createHttpApi } from './http-api.ts';
import { createIntegration } from './integration.ts';
import { gatewayLimits, type GatewayLimits } from './limits.ts';
import { createManagementApi } from './management-api.ts';
import { readmitAsPlain } from './plain-upgrade.ts';
import { closeServer, trackSockets } from './shutdown.ts';
import { createTokenBucket } from './token-bucket.ts';
import { isLocalConvenience, stageAddress } from './web-socket-address.ts';
import { createWebSocketApi } from './web-socket-api.ts';

export type { GatewayLimits } from './limits.ts';

export interface GatewayOptions {
  httpApi: HttpApiDefinition;
  webSocketApi: WebSocketApiDefinition;
  edge: EdgeBehaviour[];
  invoke: Invoke;
  region: string;
  accountId: string;
  limits?: Partial<GatewayLimits>;
  log?: Log;
  /** Serves what is not the deployment's own, under `/_aws/` and `/_local/`; true when it took the request. */
  internal?: (request: IncomingMessage, response: ServerResponse) => boolean;
  faults?: GatewayFaults;
}

export interface Gateway {
  /** Opens the port (0 for any) and resolves with its number; rejects when it is taken. */
  listen(port: number, host?: string): Promise<number>;
  /** Closes all sockets with 1001, and resolves when nothing is open and no function is waited for. */
  close(): Promise<void>;
  /** Sockets that are open now. */
  connectionCount(): number;
  connections(): Iterable<Connection>;
  connection(id: string): Connection | undefined;
  /** How much faster the time limits of sockets pass, those that are open included. */
  scale(): number;
  setScale(scale: number): void;
}

/** Builds the gateway; throws when a route, an expression or an edge function is not understood. */
export function createGateway(options: GatewayOptions): Gateway {
  const { log, region, accountId, internal } = options;
  const limits = gatewayLimits(options.limits);
  const integration = createIntegration(options.invoke);
  // One bucket for HTTP requests, messages and posts: the quota is the account's, not the API's.
  const takeRequest = createTokenBucket(limits.requestsPerSecond, limits.requestBurst);
  const faults = options.faults && { faults: options.faults };
  const shared = { limits, integration, takeRequest, region, ...(log && { log }), ...faults };
  const httpApi = createHttpApi({ ...shared, definition: options.httpApi, accountId });
  const webSocketApi = createWebSocketApi({ ...shared, definition: options.webSocketApi });
  const { connections } = webSocketApi;
  const { stage } = options.webSocketApi;
  const managementApi = createManagementApi({ stage, connections, limits, takeRequest, ...faults });
  const hosts = {
    http: executeApiDomain(options.httpApi.apiId, region),
    websocket: executeApiDomain(options.webSocketApi.apiId, region),
  };
  const edge = createEdge(options.edge, hosts, log);

  function servePlainWebSocketPath(request: GatewayRequest, response: ServerResponse): void {
    const isGet = request.method === 'GET' && stageAddress(request.path, stage) === 'stage';
    writeAnswer(response, isGet ? messageAnswer(426, 'Upgrade Required') : messageAnswer(403, 'Forbidden'));
  }

  async function serveThroughEdge(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const viewed = readGatewayRequest(incoming);
    // The API's own address, for whoever goes past the edge.
    const isDirect = headerValue(viewed.rawHeaders, 'host') === hosts.http;
    const behaviour = isDirect ? undefined : edge(viewed.path);
    if (!behaviour) return httpApi(viewed, incoming, response);
    const forwarded = await behaviour.forward(viewed);
    if ('answer' in forwarded) return writeAnswer(response, forwarded.answer);
    if (behaviour.origin === 'http') return httpApi(forwarded.request, incoming, response);
    servePlainWebSocketPath(forwarded.request, response);
  }

  function onRequest(incoming: IncomingMessage, response: ServerResponse): void {
    if (managementApi(incoming, response)) return;
    const url = incoming.url ?? '';
    if (url.startsWith('/_aws/') || url.startsWith('/_local/')) {
      if (!internal?.(incoming, response)) writeAnswer(response, messageAnswer(404, 'Not Found'));
      return;
    }
    const request = readGatewayRequest(incoming);
    if (stageAddress(request.path, stage) === 'stage') return servePlainWebSocketPath(request, response);
    serveThroughEdge(incoming, response).catch((error: unknown) => {
      log?.('request failed', { error: String(error) });
      response.destroy();
    });
  }

  async function openWebSocket(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const request = readGatewayRequest(incoming);
    const open = (at: GatewayRequest): Promise<void> => webSocketApi.open(at, incoming, socket, head);
    const forbidden = (): void => refuseUpgrade(socket, messageAnswer(403, 'Forbidden'));
    const place = stageAddress(request.path, stage);
    if (place) return place === 'stage' ? open(request) : forbidden();
    const behaviour = edge(request.path);
    if (behaviour?.origin === 'websocket') {
      const forwarded = await behaviour.forward(request);
      if ('answer' in forwarded) return refuseUpgrade(socket, forwarded.answer);
      return stageAddress(forwarded.request.path, stage) === 'stage' ? open(forwarded.request) : forbidden();
    }
    if (isLocalConvenience(request.path)) return open(request);
    // The edge leads to the HTTP API, which knows no upgrade; without an edge this is a wrong stage.
    return behaviour ? readmitAsPlain(server, incoming, socket, head) : forbidden();
  }

  function onUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (incoming.headers.upgrade?.toLowerCase() !== 'websocket')
      return readmitAsPlain(server, incoming, socket, head);
    // While $connect runs the socket is nobody's, and an error without a listener would end the process.
    socket.on('error', () => socket.destroy());
    openWebSocket(incoming, socket, head).catch((error: unknown) => {
      log?.('handshake failed', { error: String(error) });
      socket.destroy();
    });
  }

  // Node answers 431 to longer headers by itself; AWS's load balancers keep idle connections for a minute or more.
  const server: Server = createServer(
    { maxHeaderSize: limits.headerBytes, keepAliveTimeout: 65_000 },
    onRequest,
  );
  server.on('upgrade', onUpgrade);
  const sockets = trackSockets(server);

  return {
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, 1024, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    close() {
      const graceMilliseconds = limits.closeGraceSeconds * 1000;
      webSocketApi.close();
      return closeServer({ server, sockets, integration, graceMilliseconds });
    },
    connectionCount: () => connections.size,
    connections: () => connections.values(),
    connection: (id) => connections.get(id),
    scale: () => limits.scale,
    setScale(scale) {
      limits.scale = scale;
      for (const connection of connections.values()) connection.limitsChanged();
    },
  };
}
