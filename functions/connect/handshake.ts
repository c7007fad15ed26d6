/** What a handshake says: who it is, where from, which room; read from the `$connect` event. */
import type { APIGatewayProxyWebsocketEventV2WithRequestContext } from 'aws-lambda';
import {
  HandshakeQuery,
  subprotocol,
  ticketSubprotocolPrefix,
} from '../../shared/contract/websocket/handshake.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { bearerToken } from '../../shared/lambda/bearer.ts';
import { validate } from '../../shared/lambda/validate.ts';

type WebSocketContext = APIGatewayProxyWebsocketEventV2WithRequestContext<{
  connectionId: string;
  requestId: string;
  routeKey: string;
}>;

export interface ConnectEvent extends WebSocketContext {
  /** The last line of each header. */
  headers?: Record<string, string>;
  /** Every line of each header. */
  multiValueHeaders?: Record<string, string[]>;
  queryStringParameters?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
}

/** The first way that is present counts. */
export type Credential =
  { kind: 'ticket'; ticket: string } | { kind: 'token'; token: string; fromQuery: boolean };

export interface Handshake {
  credential: Credential | undefined;
  query: HandshakeQuery;
  /** One for each line of the header. */
  origins: string[];
  /** What to answer, since the gateway echoes no subprotocol by itself. */
  subprotocol: string | undefined;
}

/**
 * Reads every line of a header, since a list may be spread over several. What says who the caller is must be said
 * once: of two, a proxy could have judged one and this function the other.
 * @throws `unauthorized` for a malformed or repeated credential, `room_unavailable` for a room name that cannot be
 */
export function readHandshake(event: ConnectEvent): Handshake {
  const offered = headerLines(event, 'sec-websocket-protocol')
    .flatMap((line) => line.split(','))
    .map((one) => one.trim());
  const query = readQuery(event.queryStringParameters ?? {});
  const repeated = event.multiValueQueryStringParameters ?? {};
  assertGivenOnce(repeated['ticket'] ?? []);
  assertGivenOnce(repeated['token'] ?? []);
  const protocolTicket = assertGivenOnce(offered.filter((one) => one.startsWith(ticketSubprotocolPrefix)));
  return {
    credential: chooseCredential(
      protocolTicket?.slice(ticketSubprotocolPrefix.length),
      query,
      assertGivenOnce(headerLines(event, 'authorization')),
    ),
    query,
    origins: headerLines(event, 'origin'),
    subprotocol: offered.includes(subprotocol) ? subprotocol : undefined,
  };
}

/** The gateway keeps the client's casing, so lines of one header may stand under several names. */
function headerLines({ headers, multiValueHeaders }: ConnectEvent, name: string): string[] {
  return Object.entries(multiValueHeaders ?? headers ?? {})
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .flatMap(([, lines]) => lines);
}

function assertGivenOnce(values: string[]): string | undefined {
  if (values.length > 1) throw new ChatError('unauthorized', { detail: 'More than one credential was sent' });
  return values[0];
}

function readQuery(given: Record<string, string>): HandshakeQuery {
  try {
    return validate(HandshakeQuery, given);
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
