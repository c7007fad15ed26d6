/** Lambda entry of `$default`: one frame of one client. What is wrong with it is told on the socket. */
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import { logger } from '../../shared/lambda/logger.ts';
import { socketFunction } from '../../shared/lambda/socket-function.ts';
import { endSocket } from '../../shared/realtime/fan-out.ts';
import { errorFrame, toFrame } from '../../shared/realtime/frames.ts';
import { dependencies } from './dependencies.ts';
import { parseFrame, readCommand, refOf } from './read-command.ts';
import { runCommand } from './run-command.ts';

const ports = dependencies();

async function receive(connectionId: string, body: string | undefined): Promise<void> {
  if (ports.floods.hasEnded(connectionId)) return;
  const connection = await ports.connections.get(connectionId);
  // Its item is gone while its socket is not: held to be gone by mistake, or about to be closed.
  if (connection === undefined) {
    await endSocket(ports, connectionId, 'reconnect', 'The connection is not known any more');
    return;
  }
  logCaller(connection);
  const isExpired = connection.tokenEndsAt <= ports.clock.now();
  let frame: unknown;
  try {
    frame = parseFrame(body);
    const command = readCommand(frame);
    if (isExpired && command.type !== 'auth') throw new ChatError('unauthorized');
    await runCommand(ports, connection, command);
  } catch (error) {
    const known = error instanceof ChatError ? error : new ChatError('try_again', { cause: error });
    if (!(error instanceof ChatError)) logger.error('A command failed', { error: error as Error });
    await ports.poster.post(connectionId, toFrame(errorFrame(known, refOf(frame))));
    if (known.code === 'unauthorized' && isExpired) {
      await endSocket(ports, connectionId, 'unauthorized', 'The access token has ended');
    } else if (known.code !== 'try_again' && ports.floods.refuse(connectionId, ports.clock.now())) {
      await endSocket(ports, connectionId, 'rate_limited', 'Too many frames were refused');
    }
  }
}

export const handler = socketFunction<APIGatewayProxyWebsocketEventV2>(
  async ({ requestContext, body }) => {
    await receive(requestContext.connectionId, body);
    return { statusCode: 200 };
  },
  () => ({ statusCode: 500 }),
);
