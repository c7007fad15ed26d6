/** Builds the three events of the WebSocket API: CONNECT, MESSAGE and DISCONNECT. */
import { forwardedFor, headerValue, type GatewayRequest } from './gateway-request.ts';
import { newRequestId, requestTime } from './request-ids.ts';

/** The values that all events of one connection share. */
export interface ConnectionContext {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  identity: { sourceIp: string; userAgent?: string };
  domainName: string;
  stage: string;
  apiId: string;
}

export interface WebSocketEvent {
  requestContext: Record<string, unknown> & { requestId: string };
  isBase64Encoded: false;
  body?: string;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  queryStringParameters?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
}

function requestContext(
  context: ConnectionContext,
  routeKey: string,
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  more: Record<string, unknown>,
): WebSocketEvent['requestContext'] {
  const now = Date.now();
  const requestId = newRequestId();
  return {
    routeKey,
    ...more,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: 'IN',
    stage: context.stage,
    connectedAt: context.connectedAt,
    requestTimeEpoch: now,
    identity: context.identity,
    requestId,
    domainName: context.domainName,
    connectionId: context.connectionId,
    apiId: context.apiId,
  };
}

function collect(pairs: Iterable<readonly [string, string]>): {
  last: Record<string, string>;
  all: Record<string, string[]>;
} {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name);
    if (values) values.push(value);
    else all.set(name, [value]);
  }
  const last = [...all].map(([name, values]) => [name, values.at(-1) ?? ''] as const);
  return { last: Object.fromEntries(last), all: Object.fromEntries(all) };
}

/** Yields the client's headers in its casing, without the upgrade, and with the forwarding headers. */
function* connectHeaders(request: GatewayRequest): Generator<readonly [string, string]> {
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!/^(?:connection|upgrade|x-forwarded-(?:for|port|proto))$/i.test(name))
      yield [name, request.rawHeaders[index + 1] ?? ''];
  }
  yield ['X-Forwarded-For', forwardedFor(request)];
  yield ['X-Forwarded-Port', String(request.port)];
  yield ['X-Forwarded-Proto', 'http'];
}

/** Builds the CONNECT event of a handshake. */
export function connectEvent(context: ConnectionContext, request: GatewayRequest): WebSocketEvent {
  const headers = collect(connectHeaders(request));
  const query = collect(new URLSearchParams(request.query));
  return {
    headers: headers.last,
    multiValueHeaders: headers.all,
    // Without a query, both members are absent instead of empty.
    ...(Object.keys(query.last).length > 0 && {
      queryStringParameters: query.last,
      multiValueQueryStringParameters: query.all,
    }),
    requestContext: requestContext(context, '$connect', 'CONNECT', {}),
    isBase64Encoded: false,
  };
}

/** Builds the MESSAGE event of a client's message. */
export function messageEvent(context: ConnectionContext, routeKey: string, body: string): WebSocketEvent {
  return {
    requestContext: requestContext(context, routeKey, 'MESSAGE', { messageId: newRequestId() }),
    body,
    isBase64Encoded: false,
  };
}

/** Builds the DISCONNECT event for the end of a connection. */
export function disconnectEvent(context: ConnectionContext, code: number, reason: string): WebSocketEvent {
  const headers = { Host: context.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: requestContext(context, '$disconnect', 'DISCONNECT', {
      disconnectStatusCode: code,
      disconnectReason: reason,
    }),
    isBase64Encoded: false,
  };
}

/** Returns the identity of a connecting client, which all later events of the connection carry. */
export function connectionIdentity(request: GatewayRequest): ConnectionContext['identity'] {
  const userAgent = headerValue(request.rawHeaders, 'user-agent');
  return { sourceIp: request.sourceIp, ...(userAgent !== undefined && { userAgent }) };
}
