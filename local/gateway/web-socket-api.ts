/** The WebSocket API: opens sockets, sends messages to routes, and calls `$disconnect` at the end. */
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Route, WebSocketApiDefinition } from '../stack.ts';
import { openConnection, type Connection } from './connection.ts';
import { messageAnswer, refuseUpgrade } from './gateway-answer.ts';
import {
  executeApiDomain,
  type GatewayLog,
  type GatewayRequest,
  type UpgradeRequest,
} from './gateway-request.ts';
import { handshakeVerdict, isOpeningHandshake, type HandshakeVerdict } from './handshake.ts';
import type { Integration, IntegrationOutcome } from './integration.ts';
import type { GatewayFaults } from './gateway-faults.ts';
import type { GatewayMeter } from './gateway-meter.ts';
import type { GatewayLimits } from './limits.ts';
import { readProxyResult } from './proxy-result.ts';
import { newRequestId } from './request-ids.ts';
import { compileRouteSelection } from './route-selection.ts';
import { createTokenBucket, type TakeToken } from './token-bucket.ts';
import {
  connectEvent,
  connectionIdentity,
  disconnectEvent,
  messageEvent,
  type ConnectionContext,
  type WebSocketEvent,
} from './web-socket-event.ts';

export interface WebSocketApiOptions {
  definition: WebSocketApiDefinition;
  limits: GatewayLimits;
  integration: Integration;
  takeRequest: TakeToken;
  region: string;
  log?: GatewayLog;
  faults?: GatewayFaults;
  meter?: GatewayMeter;
}

export interface WebSocketApi {
  /** The open sockets by connection id. A socket whose `$connect` still runs is not among them. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Handles an opening handshake; `request` is the upgrade request as it left the edge. */
  open(request: GatewayRequest, upgradeRequest: UpgradeRequest): Promise<void>;
  /** Closes every socket with 1001 and refuses the handshakes that are still pending. */
  close(): void;
}

function sendError(connection: Connection, event: WebSocketEvent, message: string): void {
  const { connectionId } = connection.context;
  connection.send(JSON.stringify({ message, connectionId, requestId: event.requestContext.requestId }));
}

/** Creates the WebSocket API; throws when its route selection expression is not supported. */
export function createWebSocketApi(options: WebSocketApiOptions): WebSocketApi {
  const { definition, limits, integration, log } = options;
  const connections = new Map<string, Connection>();
  const takeConnection = createTokenBucket(limits.connectionsPerSecond, limits.connectionsPerSecond);
  const timeoutMs = limits.webSocketIntegrationSeconds * 1000;
  const selectRoute = compileRouteSelection(definition);
  const systemRoute = (key: string): Route | undefined =>
    definition.routes.find(({ routeKey }) => routeKey === key);
  const connectRoute = systemRoute('$connect');
  const disconnectRoute = systemRoute('$disconnect');
  let closing = false;
  const subprotocols = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: limits.messageBytes,
    handleProtocols: (_offered, incoming) => subprotocols.get(incoming) ?? false,
  });

  /** Calls the function of a route, and reports how it answered. */
  async function callFunction(
    eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
    { functionId, routeKey }: Route,
    event: WebSocketEvent,
  ): Promise<IntegrationOutcome> {
    const startedAtMs = performance.now();
    const outcome = await integration.call(functionId, event, timeoutMs);
    const status = outcome.kind === 'returned' ? readProxyResult(outcome.value)?.status : undefined;
    options.meter?.socketRequest(eventType, {
      status: status ?? 500,
      routeKey,
      integration: { status, latencyMs: performance.now() - startedAtMs },
    });
    return outcome;
  }

  async function callRoute(connection: Connection, route: Route, event: WebSocketEvent): Promise<void> {
    const { connectionId } = connection.context;
    const outcome = await callFunction('MESSAGE', route, event);
    if (outcome.kind === 'timeout') {
      log?.('A WebSocket message timed out', { routeKey: route.routeKey, connectionId });
      return sendError(connection, event, 'Endpoint request timed out');
    }
    const result = outcome.kind === 'returned' ? readProxyResult(outcome.value) : undefined;
    if (!result) {
      const problem =
        outcome.kind === 'failed' ? outcome.errorType : 'the function returned a malformed proxy result';
      log?.('A WebSocket message failed', { routeKey: route.routeKey, connectionId, problem });
      return sendError(connection, event, 'Internal server error');
    }
    // Without a route response, API Gateway discards what the function returns.
    if (route.hasRouteResponse === true && result.body.length > 0) connection.send(result.body);
  }

  function receive(connection: Connection, body: string): void {
    const route = selectRoute(body);
    const event = messageEvent(connection.context, route?.routeKey ?? '$default', body);
    const refuse = (status: number, message: string): void => {
      options.meter?.socketRequest('MESSAGE', { status });
      sendError(connection, event, message);
    };
    if (!options.takeRequest()) return refuse(429, 'Too Many Requests');
    if (!route) return refuse(403, 'Forbidden');
    // Not awaited: messages of one connection are handled concurrently and may overtake each other.
    callRoute(connection, route, event).catch((error: unknown) =>
      log?.('A WebSocket message could not be handled', { error: String(error) }),
    );
  }

  function callDisconnect(context: ConnectionContext, code: number, reason: string): void {
    log?.('WebSocket closed', { connectionId: context.connectionId, code });
    if (!disconnectRoute) return;
    // Best effort, as on AWS: a failure is not retried, and there is no client left to answer.
    callFunction('DISCONNECT', disconnectRoute, disconnectEvent(context, code, reason)).then(
      (outcome) =>
        outcome.kind !== 'returned' && log?.('$disconnect failed', { connectionId: context.connectionId }),
      (error: unknown) => log?.('$disconnect failed', { error: String(error) }),
    );
  }

  async function decide(context: ConnectionContext, request: GatewayRequest): Promise<HandshakeVerdict> {
    if (!connectRoute) return { accepted: true };
    const event = connectEvent(context, request);
    const outcome = await callFunction('CONNECT', connectRoute, event);
    return handshakeVerdict(request, event, outcome);
  }

  function upgrade(
    context: ConnectionContext,
    request: GatewayRequest,
    { incoming, socket, head }: UpgradeRequest,
  ): void {
    if (closing) {
      refuseUpgrade(socket, messageAnswer(503, 'Service Unavailable'));
      return callDisconnect(context, 1001, 'Going away');
    }
    let upgraded = false;
    server.handleUpgrade(incoming, socket, head, (webSocket: WebSocket) => {
      upgraded = true;
      const connection = openConnection({
        context,
        webSocket,
        socket,
        viaEdge: request.viaEdge,
        limits,
        onMessage: receive,
        ...(options.faults && { faults: options.faults }),
        onEnd(connection, code, reason) {
          connections.delete(connection.context.connectionId);
          callDisconnect(connection.context, code, reason);
        },
        onForgotten: () => connections.delete(context.connectionId),
      });
      connections.set(context.connectionId, connection);
      connection.opened();
    });
    // The client left while $connect ran. The function accepted it, so $disconnect must follow.
    if (!upgraded) callDisconnect(context, 1006, '');
  }

  return {
    connections,
    async open(request, upgradeRequest) {
      const { incoming, socket } = upgradeRequest;
      const refuse = (status: number, message: string): void => {
        options.meter?.socketRequest('CONNECT', { status });
        refuseUpgrade(socket, messageAnswer(status, message));
      };
      if (!isOpeningHandshake(request)) return refuse(400, 'Bad Request');
      if (!takeConnection()) return refuse(429, 'Too Many Requests');
      const context: ConnectionContext = {
        connectionId: newRequestId(),
        connectedAt: Date.now(),
        identity: connectionIdentity(request),
        domainName: executeApiDomain(definition.apiId, options.region),
        stage: definition.stage,
        apiId: definition.apiId,
      };
      const verdict = await decide(context, request);
      const { connectionId } = context;
      if (!verdict.accepted) {
        log?.('WebSocket refused', { connectionId, status: verdict.answer.status, problem: verdict.problem });
        return refuseUpgrade(socket, verdict.answer);
      }
      log?.('WebSocket opened', { connectionId });
      if (verdict.subprotocol !== undefined) subprotocols.set(incoming, verdict.subprotocol);
      upgrade(context, request, upgradeRequest);
    },
    close() {
      closing = true;
      for (const connection of connections.values()) connection.close(1001, 'Going away');
    },
  };
}
