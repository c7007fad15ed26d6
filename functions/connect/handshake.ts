/** Reads the credential, the origins and the query of a handshake from the `$connect` event. */
import type { APIGatewayProxyWebsocketEventV2WithRequestContext } from 'aws-lambda';
import { HandshakeQuery } from '../../shared/contract/websocket/handshake.ts';
import { subprotocol, ticketSubprotocolPrefix } from '../../shared/contract/wire-constants.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { bearerToken } from '../../shared/lambda/bearer.ts';
import { validate } from '../../shared/lambda/validate.ts';

type WebSocketContext = APIGatewayProxyWebsocketEventV2WithRequestContext<{
  connectionId: string;
  requestId: string;
  routeKey: string;
}>;

export interface ConnectEvent extends WebSocketContext {
  /** Each header with the last of its lines. */
  headers?: Record<string, string>;
  /** Each header with all its lines. */
  multiValueHeaders?: Record<string, string[]>;
  queryStringParameters?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
}

/** The credential with the highest precedence: ticket, then Authorization header, then query token. */
export type Credential =
  { kind: 'ticket'; ticket: string } | { kind: 'token'; token: string; fromQuery: boolean };

export interface Handshake {
  credential: Credential | undefined;
  query: HandshakeQuery;
  /** One for each line of the Origin header. */
  origins: string[];
  /** The subprotocol to answer with, since API Gateway does not choose one itself. */
  subprotocol: string | undefined;
}

/**
 * Reads a handshake. Every line of a header is read, since a list may be spread over several. Each kind of
 * credential may occur only once: a proxy in front could otherwise check one and this function another.
 * @throws ChatError `unauthorized` for a malformed or repeated credential, `room_unavailable` for an
 *   impossible room name, `invalid_request` for any other invalid query
 */
export function readHandshake(event: ConnectEvent): Handshake {
  const offered = headerLines(event, 'sec-websocket-protocol')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim());
  const query = readQuery(event.queryStringParameters ?? {});
  const repeated = event.multiValueQueryStringParameters ?? {};
  assertAtMostOne(repeated['ticket'] ?? []);
  assertAtMostOne(repeated['token'] ?? []);
  const protocolTicket = assertAtMostOne(offered.filter((name) => name.startsWith(ticketSubprotocolPrefix)));
  return {
    credential: chooseCredential(
      protocolTicket?.slice(ticketSubprotocolPrefix.length),
      query,
      assertAtMostOne(headerLines(event, 'authorization')),
    ),
    query,
    origins: headerLines(event, 'origin'),
    subprotocol: offered.includes(subprotocol) ? subprotocol : undefined,
  };
}

/**
 * Returns all lines of a header. API Gateway keeps the client's casing, so they may stand under several
 * names.
 */
function headerLines({ headers, multiValueHeaders }: ConnectEvent, name: string): string[] {
  return Object.entries(multiValueHeaders ?? headers ?? {})
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .flatMap(([, lines]) => lines);
}

/** Returns the only value, or undefined when there is none. */
function assertAtMostOne(values: string[]): string | undefined {
  if (values.length > 1)
    throw new ChatError('unauthorized', {
      detail: 'The handshake contains more than one credential of a kind.',
    });
  return values[0];
}

function readQuery(parameters: Record<string, string>): HandshakeQuery {
  try {
    return validate(HandshakeQuery, parameters);
  } catch (error) {
    const isAboutRoom =
      error instanceof ChatError && error.fields?.some(({ path }) => path === 'room') === true;
    if (isAboutRoom) throw new ChatError('room_unavailable', { cause: error });
    throw error;
  }
}

function chooseCredential(
  protocolTicket: string | undefined,
  query: HandshakeQuery,
  authorization: string | undefined,
): Credential | undefined {
  const ticket = protocolTicket ?? query.ticket;
  if (ticket !== undefined) return { kind: 'ticket', ticket };
  const token = bearerToken(authorization);
  if (token !== undefined) return { kind: 'token', token, fromQuery: false };
  return query.token === undefined ? undefined : { kind: 'token', token: query.token, fromQuery: true };
}
