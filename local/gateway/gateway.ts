/** The gateway's port: routes requests and upgrades to the edge, the two APIs or `@connections`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Invoke } from '../functions/invocation.ts';
import type { EdgeBehavior } from '../edge-behavior.ts';
import type { Buckets } from '../services/buckets.ts';
import type { HttpApiDefinition, WebSocketApiDefinition } from '../stack.ts';
import { createEdge } from './edge.ts';
import { messageAnswer, refuseUpgrade, writeAnswer } from './gateway-answer.ts';
import {
  executeApiDomain,
  headerValue,
  readGatewayRequest,
  type GatewayRequest,
  type UpgradeRequest,
  type GatewayLog,
} from './gateway-request.ts';
import type { Connection } from './connection.ts';
import type { GatewayFaults } from './gateway-faults.ts';
import { createHttpApi } from './http-api.ts';
import { createIntegration } from './integration.ts';
import type { GatewayMeter } from './gateway-meter.ts';
import { gatewayLimits, type GatewayLimits } from './limits.ts';
import { createManagementApi } from './management-api.ts';
import { asPlain, readmitAsPlain, upgradeOnly } from './plain-upgrade.ts';
import { closeServer, trackSockets } from './shutdown.ts';
import { createTokenBucket } from './token-bucket.ts';
import { isLocalShortcut, stageAddress } from './web-socket-address.ts';
import { createWebSocketApi } from './web-socket-api.ts';

export type { GatewayLimits } from './limits.ts';

export interface GatewayOptions {
  httpApi: HttpApiDefinition;
  webSocketApi: WebSocketApiDefinition;
  edge: EdgeBehavior[];
  /** The buckets whose objects the edge answers with. */
  buckets?: Pick<Buckets, 'get'>;
  invoke: Invoke;
  region: string;
  accountId: string;
  limits?: Partial<GatewayLimits>;
  log?: GatewayLog;
  /** Serves the runtime's own paths (`ownPaths`); returns whether it took the request. */
  internal?: (request: IncomingMessage, response: ServerResponse) => boolean;
  faults?: GatewayFaults;
  /** Receives a report of each request. */
  meter?: GatewayMeter;
}

export interface Gateway {
  /** Opens the port (0 for any free one) and resolves with its number; rejects when it is in use. */
  listen(port: number, host?: string): Promise<number>;
  /** Closes all sockets with 1001; resolves when nothing is open and no function call is pending. */
  close(): Promise<void>;
  /** The number of open sockets. */
  connectionCount(): number;
  connections(): Iterable<Connection>;
  connection(id: string): Connection | undefined;
  /** The factor by which the time limits of sockets are shortened. */
  scale(): number;
  /** Changes the factor, also for the sockets that are open. */
  setScale(scale: number): void;
}

/** The paths that the runtime serves itself. All others are those of the template. */
const ownPaths = /^\/(_aws|_local)\//;
/** Of the docs site the runtime serves the pages; the other requests for it are answered as on AWS, where it is not. */
const sitePaths = /^\/docs($|[/?])/;

/** Creates the gateway; throws when a route, a selection expression or an edge function is not supported. */
export function createGateway(options: GatewayOptions): Gateway {
  const { log, region, accountId, internal } = options;
  const limits = gatewayLimits(options.limits);
  const integration = createIntegration(options.invoke);
  // HTTP requests, messages and posts share one bucket, because the quota belongs to the account.
  const takeRequest = createTokenBucket(limits.requestsPerSecond, limits.requestBurst);
  const faults = options.faults && { faults: options.faults };
  const meter = options.meter && { meter: options.meter };
  const shared = { limits, integration, takeRequest, region, ...(log && { log }), ...faults, ...meter };
  const httpApi = createHttpApi({ ...shared, definition: options.httpApi, accountId });
  const webSocketApi = createWebSocketApi({ ...shared, definition: options.webSocketApi });
  const { connections } = webSocketApi;
  const { stage } = options.webSocketApi;
  const managementApi = createManagementApi({ stage, connections, limits, takeRequest, ...faults, ...meter });
  const hosts = {
    http: executeApiDomain(options.httpApi.apiId, region),
    websocket: executeApiDomain(options.webSocketApi.apiId, region),
  };
  const edge = createEdge(options.edge, { hosts, ...(options.buckets && { buckets: options.buckets }) }, log);

  function servePlainWebSocketPath(request: GatewayRequest, response: ServerResponse): void {
    const isGet = request.method === 'GET' && stageAddress(request.path, stage) === 'stage';
    writeAnswer(response, isGet ? messageAnswer(426, 'Upgrade Required') : messageAnswer(403, 'Forbidden'));
  }

  async function serveThroughEdge(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = asPlain(readGatewayRequest(incoming));
    // A client that addresses the API by its own host name bypasses the edge.
    const isDirect = headerValue(request.rawHeaders, 'host') === hosts.http;
    const behavior = isDirect ? undefined : edge(request.path);
    if (!behavior) return httpApi(request, incoming, response);
    const forwarded = await behavior.forward(request);
    if ('answer' in forwarded) return writeAnswer(response, forwarded.answer);
    if (behavior.origin === 'http') return httpApi(forwarded.request, incoming, response);
    servePlainWebSocketPath(forwarded.request, response);
  }

  function onRequest(incoming: IncomingMessage, response: ServerResponse): void {
    if (managementApi(incoming, response)) return;
    const url = incoming.url ?? '';
    if (sitePaths.test(url) && internal?.(incoming, response) === true) return;
    if (ownPaths.test(url)) {
      if (!internal?.(incoming, response)) writeAnswer(response, messageAnswer(404, 'Not Found'));
      return;
    }
    const request = readGatewayRequest(incoming);
    if (stageAddress(request.path, stage) === 'stage') return servePlainWebSocketPath(request, response);
    serveThroughEdge(incoming, response).catch((error: unknown) => {
      log?.('A request failed', { error: String(error) });
      response.destroy();
    });
  }

  async function openWebSocket(upgradeRequest: UpgradeRequest): Promise<void> {
    const { incoming, socket } = upgradeRequest;
    const request = readGatewayRequest(incoming);
    const open = (forStage: GatewayRequest): Promise<void> => webSocketApi.open(forStage, upgradeRequest);
    const forbidden = (): void => refuseUpgrade(socket, messageAnswer(403, 'Forbidden'));
    const address = stageAddress(request.path, stage);
    if (address) return address === 'stage' ? open(request) : forbidden();
    const behavior = edge(request.path);
    if (behavior?.origin === 'websocket') {
      const forwarded = await behavior.forward(request);
      if ('answer' in forwarded) return refuseUpgrade(socket, forwarded.answer);
      return stageAddress(forwarded.request.path, stage) === 'stage' ? open(forwarded.request) : forbidden();
    }
    // Without an edge, the path of any other request lies in a stage that does not exist.
    return isLocalShortcut(request.path) ? open(request) : forbidden();
  }

  function acceptsUpgrade(incoming: IncomingMessage): boolean {
    if (incoming.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    const { path } = readGatewayRequest(incoming);
    // With an edge, all other paths belong to the HTTP API or a bucket, which have no upgrades.
    const { origin = 'websocket' } = edge(path) ?? {};
    return origin === 'websocket' || isLocalShortcut(path) || stageAddress(path, stage) !== undefined;
  }

  function onUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!acceptsUpgrade(incoming)) return readmitAsPlain(server, { incoming, socket, head });
    // While $connect runs, there is no other error listener, and an unhandled error would end the process.
    socket.on('error', () => socket.destroy());
    openWebSocket({ incoming, socket, head }).catch((error: unknown) => {
      log?.('A handshake failed', { error: String(error) });
      socket.destroy();
    });
  }

  // Node itself answers longer headers with 431. AWS's load balancers keep idle connections for a minute.
  const server: Server = createServer(
    { maxHeaderSize: limits.headerBytes, keepAliveTimeout: 65_000, ...upgradeOnly(acceptsUpgrade) },
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
      const graceMs = limits.closeGraceSeconds * 1000;
      webSocketApi.close();
      return closeServer({ server, sockets, integration, graceMs });
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
