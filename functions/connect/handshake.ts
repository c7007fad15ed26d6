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
  headers?: Record<string, string>;
  queryStringParameters?: Record<string, string>;
}

/** The first way that is present counts. */
export type Credential =
  { kind: 'ticket'; ticket: string } | { kind: 'token'; token: string; fromQuery: boolean };

export interface Handshake {
  credential: Credential | undefined;
  query: HandshakeQuery;
  origin: string | undefined;
  /** What to answer, since the gateway echoes no subprotocol by itself. */
  subprotocol: string | undefined;
}

/** Throws `unauthorized` for a malformed header, `room_unavailable` for a room name that cannot be. */
export function readHandshake(event: ConnectEvent): Handshake {
  const header = (name: string): string | undefined => findHeader(event.headers ?? {}, name);
  const offered = (header('sec-websocket-protocol') ?? '').split(',').map((one) => one.trim());
  const query = readQuery(event.queryStringParameters ?? {});
  const fromProtocol = offered.find((one) => one.startsWith(ticketSubprotocolPrefix));
  return {
    credential: chooseCredential(
      fromProtocol?.slice(ticketSubprotocolPrefix.length),
      query,
      header('authorization'),
    ),
    query,
    origin: header('origin'),
    subprotocol: offered.includes(subprotocol) ? subprotocol : undefined,
  };
}

/** The gateway keeps the client's casing. */
function findHeader(headers: Record<string, string>, name: string): string | undefined {
  return Object.entries(headers).find(([candidate]) => candidate.toLowerCase() === name)?.[1];
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
