/**
 * Lambda entry of `$connect`. A refusal is the HTTP status of the handshake: a socket that never opens has no
 * close code.
 */
import { ChatError } from '../../shared/domain/chat-error.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { problemResponse } from '../../shared/lambda/problem.ts';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import { socketFunction, type SocketResult } from '../../shared/lambda/socket-function.ts';
import { acceptConnection } from './accept-connection.ts';
import { dependencies } from './dependencies.ts';
import type { ConnectEvent } from './handshake.ts';

const ports = dependencies();

export const handler = socketFunction<ConnectEvent>(
  async (event) => {
    const accepted = await acceptConnection(ports, event);
    metrics.add('ConnectionsOpened', 1);
    return accepted;
  },
  (error, event) => {
    metrics.add('HandshakesRefused', 1, error instanceof ChatError ? error.code : 'internal_error');
    return problemResponse(error, event.requestContext.requestId, securityHeaders()) as SocketResult;
  },
);
