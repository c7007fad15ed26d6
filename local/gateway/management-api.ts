/**
 * `@connections`: posts to, describes and closes the sockets of the WebSocket API. Every message is posted
 * once per subscriber, which makes this the busiest path: it uses no URL objects, no promises and no log.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.ts';
import type { GatewayFaults } from './gateway-faults.ts';
import type { GatewayMeter } from './gateway-meter.ts';
import type { GatewayLimits } from './limits.ts';
import { managementError, writeManagementAnswer, type ManagementAnswer } from './management-answer.ts';
import { readBody } from './request-body.ts';
import { isConnectionId } from './request-ids.ts';
import type { TakeToken } from './token-bucket.ts';

export interface ManagementApiOptions {
  stage: string;
  connections: ReadonlyMap<string, Connection>;
  limits: GatewayLimits;
  takeRequest: TakeToken;
  faults?: GatewayFaults;
  meter?: Pick<GatewayMeter, 'messagePosted'>;
}

/** Handles a request to a path of `@connections` in any stage; returns false for other paths. */
export type ManagementApi = (incoming: IncomingMessage, response: ServerResponse) => boolean;

const marker = '@connections/';
const encodedMarker = '%40connections/';

/** The position of the id in `/{stage}/@connections/{id}` (with or without a stage), or -1. */
function idStart(url: string): number {
  const slash = url.startsWith(marker, 1) ? 0 : url.indexOf('/', 1);
  if (slash === -1) return -1;
  if (url.startsWith(marker, slash + 1)) return slash + 1 + marker.length;
  return url.startsWith(encodedMarker, slash + 1) ? slash + 1 + encodedMarker.length : -1;
}

function readId(url: string, start: number): string | undefined {
  const mark = url.indexOf('?', start);
  const encoded = mark === -1 ? url.slice(start) : url.slice(start, mark);
  try {
    const id = encoded.includes('%') ? decodeURIComponent(encoded) : encoded;
    return isConnectionId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

const gone = managementError(410, 'GoneException', 'The connection is not open.');
const posted: ManagementAnswer = { status: 200 };
const closed: ManagementAnswer = { status: 204 };

/** Creates `@connections` for the sockets of the WebSocket API. */
export function createManagementApi(options: ManagementApiOptions): ManagementApi {
  const { connections, limits, faults, meter } = options;
  const ownPrefix = `/${options.stage}/`;

  // The connection is looked up after the body was read, because the client may have gone in the meantime.
  function post(id: string, body: Buffer): ManagementAnswer {
    const connection = connections.get(id);
    if (!connection) return gone;
    if (connection.unsentBytes() > limits.clientBufferBytes) {
      return managementError(
        429,
        'LimitExceededException',
        'The client does not read its messages fast enough.',
      );
    }
    // The post itself succeeds, as one to a client that has just gone: only the client and $disconnect see the code.
    if (body.length > limits.frameBytes) connection.close(1009, 'Message too long');
    else if (!connection.send(body)) return gone;
    meter?.messagePosted();
    return posted;
  }

  function describe(id: string): ManagementAnswer {
    const connection = connections.get(id);
    if (!connection) return gone;
    const { connectedAt, identity } = connection.context;
    const lastActiveAt = new Date(connection.lastActiveAt()).toISOString();
    const body = { connectedAt: new Date(connectedAt).toISOString(), lastActiveAt, identity };
    return { status: 200, body: JSON.stringify(body) };
  }

  function disconnect(id: string): ManagementAnswer {
    const connection = connections.get(id);
    if (!connection) return gone;
    // On AWS, the caller chooses neither the code nor the reason.
    connection.close(1000, 'Connection Closed Normally');
    return closed;
  }

  function perform(method: string, id: string, body?: Buffer): ManagementAnswer {
    if (body !== undefined) return post(id, body);
    return method === 'GET' ? describe(id) : disconnect(id);
  }

  function answer(
    incoming: IncomingMessage,
    response: ServerResponse,
    connectionId: string,
    body?: Buffer,
  ): void {
    const { method = '' } = incoming;
    if (!faults) return writeManagementAnswer(response, perform(method, connectionId, body));
    faults.managementCall(
      { method, connectionId, body, incoming },
      () => perform(method, connectionId, body),
      (reply) => (reply ? writeManagementAnswer(response, reply) : void response.destroy()),
    );
  }

  /** Validates and answers a request whose path belongs to `@connections`; the id begins at `start`. */
  function handle(incoming: IncomingMessage, response: ServerResponse, start: number): void {
    const { url = '' } = incoming;
    const refuse = (status: number, errorType: string, message: string): void =>
      writeManagementAnswer(response, managementError(status, errorType, message));
    const { authorization } = incoming.headers;
    if (authorization === undefined) {
      return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    // The signature is not verified; requiring one reveals missing credentials in a local run.
    if (!authorization.startsWith('AWS4-')) {
      return refuse(403, 'IncompleteSignatureException', 'The request is not signed.');
    }
    if (!url.startsWith(ownPrefix) || url.indexOf('/', 1) !== ownPrefix.length - 1) {
      return refuse(403, 'ForbiddenException', 'Forbidden');
    }
    if (!options.takeRequest()) return refuse(429, 'LimitExceededException', 'Too Many Requests');
    const id = readId(url, start);
    if (id === undefined) return refuse(400, 'BadRequestException', 'Invalid connectionId');
    if (incoming.method === 'POST') {
      return readBody(incoming, limits.messageBytes, (body) =>
        body
          ? answer(incoming, response, id, body)
          : refuse(413, 'PayloadTooLargeException', 'The payload is larger than 128 KB.'),
      );
    }
    if (incoming.method === 'GET' || incoming.method === 'DELETE') return answer(incoming, response, id);
    refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }

  return (incoming, response) => {
    const start = idStart(incoming.url ?? '');
    if (start === -1) return false;
    handle(incoming, response, start);
    return true;
  };
}
