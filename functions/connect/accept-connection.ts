/** Decides whether a WebSocket may open: by its origin, its credential and its room. */
import { ChatError } from '../../shared/domain/chat-error.ts';
import { openConnection } from '../../shared/domain/connections/open-connection.ts';
import { redeemTicket } from '../../shared/domain/connections/tickets.ts';
import type { Caller } from '../../shared/domain/model/accounts.ts';
import { assertFromEdge } from '../../shared/lambda/edge-key.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import type { SocketResult } from '../../shared/lambda/socket-function.ts';
import type { Dependencies } from './dependencies.ts';
import { readHandshake, type ConnectEvent, type Credential } from './handshake.ts';

/**
 * Opens the connection of a handshake and returns the response that accepts it.
 * @throws ChatError the reason to refuse the handshake
 */
export async function acceptConnection(ports: Dependencies, event: ConnectEvent): Promise<SocketResult> {
  if (ports.requiredEdge !== undefined) await assertFromEdge(ports.requiredEdge, event.headers ?? {});
  const handshake = readHandshake(event);
  assertAllowedOrigins(handshake.origins, ports.settings.allowedOrigins);
  const caller = await identify(ports, handshake.credential);
  logCaller(caller);
  const { room, after, history, batch, inbox } = handshake.query;
  await openConnection(
    ports,
    caller,
    { connectionId: event.requestContext.connectionId, room, after, history, batch, inbox },
    ports.settings,
  );
  return {
    statusCode: 200,
    ...(handshake.subprotocol === undefined
      ? {}
      : { headers: { 'Sec-WebSocket-Protocol': handshake.subprotocol } }),
  };
}

/**
 * Only browsers send an Origin, and only a browser can be made to open a socket by a page that its user did
 * not trust.
 */
function assertAllowedOrigins(origins: string[], allowed: string[]): void {
  if (allowed.includes('*') || origins.every((origin) => allowed.includes(origin))) return;
  throw new ChatError('forbidden', { detail: 'This origin is not allowed to open a WebSocket.' });
}

async function identify(ports: Dependencies, credential: Credential | undefined): Promise<Caller> {
  if (credential === undefined) throw new ChatError('unauthorized');
  if (credential.kind === 'ticket') return redeemTicket(ports, credential.ticket);
  if (credential.fromQuery && !ports.settings.allowQueryToken) throw new ChatError('unauthorized');
  return ports.tokens.verifyAccess(credential.token, ports.clock.now());
}
