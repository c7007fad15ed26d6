/** Lambda entry of the `$default` route: handles one frame, and answers its errors on the socket. */
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import type { Connection } from '../../shared/domain/model/connections.ts';
import { logger } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { socketFunction } from '../../shared/lambda/socket-function.ts';
import { endSocket } from '../../shared/realtime/end-socket.ts';
import { errorFrame } from '../../shared/realtime/frames.ts';
import { toFrame } from '../../shared/realtime/send-events.ts';
import { dependencies } from './dependencies.ts';
import { parseFrame, readCommand, refOf, runCommand } from './run-command.ts';

const ports = dependencies();

async function handleFrame(
  connectionId: string,
  body: string | undefined,
  receivedAtMs: number,
): Promise<void> {
  if (ports.floods.hasEnded(connectionId)) return;
  const connection = await ports.connections.get(connectionId);
  // The connection was removed while its socket is open: it was wrongly believed gone, or is about to be closed.
  if (connection === undefined) {
    await endSocket(ports, connectionId, 'reconnect', 'The server no longer knows this connection');
    return;
  }
  logCaller(connection);
  const end = endOf(connection, ports.clock.now());
  let frame: unknown;
  try {
    frame = parseFrame(body);
    const command = readCommand(frame);
    if (end !== undefined) throw new ChatError(end.error);
    await runCommand(ports, connection, command, receivedAtMs);
  } catch (error) {
    const answer = error instanceof ChatError ? error : new ChatError('try_again', { cause: error });
    if (!(error instanceof ChatError)) {
      metrics.add('CommandsFailed', 1);
      logger.error('A command failed', { error: error as Error });
    }
    await ports.connectionGateway.post(connectionId, toFrame(errorFrame(answer, refOf(frame))));
    if (end !== undefined) await endSocket(ports, connectionId, end.close, end.reason);
    else if (answer.code !== 'try_again' && ports.floods.countRefusal(connectionId, ports.clock.now()))
      await endSocket(ports, connectionId, 'rate_limited', 'Too many frames were refused');
  }
}

/**
 * Returns why a connection accepts no more commands; undefined while it does. An end is final: a later command must not
 * undo it, or the connection would escape the limits that count live connections only.
 */
function endOf({ ended, tokenEndsAtMs, leaseEndsAtMs }: Connection, now: number) {
  if (ended === 'too_many')
    return { error: 'rate_limited', close: 'rate_limited', reason: 'Too many connections' } as const;
  if (ended === 'signed_out')
    return { error: 'unauthorized', close: 'unauthorized', reason: 'Signed out' } as const;
  if (tokenEndsAtMs <= now)
    return { error: 'unauthorized', close: 'unauthorized', reason: 'The access token has expired' } as const;
  if (leaseEndsAtMs <= now)
    return {
      error: 'try_again',
      close: 'reconnect',
      reason: 'No ping was received in time',
    } as const;
  return undefined;
}

export const handler = socketFunction<APIGatewayProxyWebsocketEventV2>(
  async ({ requestContext, body }) => {
    await handleFrame(requestContext.connectionId, body, requestContext.requestTimeEpoch);
    return { statusCode: 200 };
  },
  () => {
    metrics.add('CommandsFailed', 1);
    return { statusCode: 500 };
  },
);
