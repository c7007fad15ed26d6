/**
 * Lambda entry of `$connect`. A refusal is the HTTP status of the handshake: a socket that never opens has no
 * close code.
 */
import { problemResponse } from '../../shared/lambda/problem.ts';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import { socketFunction, type SocketResult } from '../../shared/lambda/socket-function.ts';
import { acceptConnection } from './accept-connection.ts';
import { dependencies } from './dependencies.ts';
import type { ConnectEvent } from './handshake.ts';

const ports = dependencies();

export const handler = socketFunction<ConnectEvent>(
  (event) => acceptConnection(ports, event),
  (error, event) => problemResponse(error, event.requestContext.requestId, securityHeaders()) as SocketResult,
);
