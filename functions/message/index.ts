/** Lambda entry of `$default`: one frame of one client, whose errors are answered on the socket. */
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import type { Connection } from '../../shared/domain/model.ts';
import { logger } from '../../shared/lambda/logger.ts';
import { socketFunction } from '../../shared/lambda/socket-function.ts';
import { endSocket } from '../../shared/realtime/fan-out.ts';
import { errorFrame, toFrame } from '../../shared/realtime/frames.ts';
import { dependencies } from './dependencies.ts';
import { parseFrame, readCommand, refOf } from './read-command.ts';
import { runCommand } from './run-command.ts';

const ports = dependencies();

async function receive(connectionId: string, body: string | undefined, receivedAt: number): Promise<void> {
  if (ports.floods.hasEnded(connectionId)) return;
  const connection = await ports.connections.get(connectionId);
  // Its item is gone while its socket is not: it was mistaken for gone, or is about to be closed.
  if (connection === undefined) {
    await endSocket(ports, connectionId, 'reconnect', 'The connection is not known any more');
    return;
  }
  logCaller(connection);
  const end = endOf(connection, ports.clock.now());
  let frame: unknown;
  try {
    frame = parseFrame(body);
    const command = readCommand(frame);
    if (end !== undefined) throw new ChatError(end.error);
    await runCommand(ports, connection, command, receivedAt);
  } catch (error) {
    const known = error instanceof ChatError ? error : new ChatError('try_again', { cause: error });
    if (!(error instanceof ChatError)) logger.error('A command failed', { error: error as Error });
    await ports.connectionGateway.post(connectionId, toFrame(errorFrame(known, refOf(frame))));
    if (end !== undefined) await endSocket(ports, connectionId, end.close, end.reason);
    else if (known.code !== 'try_again' && ports.floods.countRefusal(connectionId, ports.clock.now()))
      await endSocket(ports, connectionId, 'rate_limited', 'Too many frames were refused');
  }
}

/**
 * Why a connection takes no more commands, for good: an end is never undone by a later command, or it would escape what
 * counts only living connections.
 */
function endOf({ ended, tokenEndsAt, leaseEndsAt }: Connection, now: number) {
  if (ended === 'too_many')
    return { error: 'rate_limited', close: 'rate_limited', reason: 'Too many connections' } as const;
  if (ended === 'signed_out')
    return { error: 'unauthorized', close: 'unauthorized', reason: 'Signed out' } as const;
  if (tokenEndsAt <= now)
    return { error: 'unauthorized', close: 'unauthorized', reason: 'The access token has ended' } as const;
  if (leaseEndsAt <= now)
    return {
      error: 'try_again',
      close: 'reconnect',
      reason: 'The connection was silent for too long',
    } as const;
  return undefined;
}

export const handler = socketFunction<APIGatewayProxyWebsocketEventV2>(
  async ({ requestContext, body }) => {
    await receive(requestContext.connectionId, body, requestContext.requestTimeEpoch);
    return { statusCode: 200 };
  },
  () => ({ statusCode: 500 }),
);
