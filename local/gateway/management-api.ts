/**
 * `@connections`: posts to, describes and closes the sockets of the WebSocket API. A message is posted once for
 * each member of a room, so this is the busiest path of all: no URL objects, no promises, no log.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.ts';
import type { GatewayLimits } from './limits.ts';
import { readBody } from './request-body.ts';
import { isConnectionId } from './request-ids.ts';
import type { TakeToken } from './token-bucket.ts';

export interface ManagementApiOptions {
  stage: string;
  connections: ReadonlyMap<string, Connection>;
  limits: GatewayLimits;
  takeRequest: TakeToken;
}

/** Takes the request when its path is one of `@connections`, whatever its stage; false when it is not. */
export type ManagementApi = (incoming: IncomingMessage, response: ServerResponse) => boolean;

const marker = '@connections/';
const encodedMarker = '%40connections/';

/** Where the id starts in `/{stage}/@connections/{id}` (or without a stage), or -1. */
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

function answer(response: ServerResponse, status: number, body = ''): void {
  const headers = ['x-amzn-RequestId', randomUUID()];
  if (status !== 204)
    headers.push('Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body)));
  response.writeHead(status, headers);
  response.end(body);
}

/** An error as the SDK reads it: it knows the type from the header (or from `__type`), never from the status. */
function refuse(response: ServerResponse, status: number, errorType: string, message: string): void {
  response.setHeader('x-amzn-ErrorType', errorType);
  answer(response, status, JSON.stringify({ message }));
}

const gone = (response: ServerResponse): void =>
  refuse(response, 410, 'GoneException', 'The connection is not open');

export function createManagementApi(options: ManagementApiOptions): ManagementApi {
  const { connections, limits } = options;
  const ownPrefix = `/${options.stage}/`;

  function post(incoming: IncomingMessage, response: ServerResponse, id: string): void {
    readBody(incoming, limits.messageBytes, (body) => {
      if (!body) return refuse(response, 413, 'PayloadTooLargeException', 'The payload is over 128 KB');
      // Looked up only now: the client may have gone while the body came.
      const connection = connections.get(id);
      if (!connection) return gone(response);
      if (connection.unsentBytes() > limits.clientBufferBytes) {
        return refuse(response, 429, 'LimitExceededException', 'The client does not keep up');
      }
      return connection.send(body) ? answer(response, 200) : gone(response);
    });
  }

  function describe(response: ServerResponse, id: string): void {
    const connection = connections.get(id);
    if (!connection) return gone(response);
    const { connectedAt, identity } = connection.context;
    const lastActiveAt = new Date(connection.lastActiveAt()).toISOString();
    answer(
      response,
      200,
      JSON.stringify({ connectedAt: new Date(connectedAt).toISOString(), lastActiveAt, identity }),
    );
  }

  function disconnect(response: ServerResponse, id: string): void {
    const connection = connections.get(id);
    if (!connection) return gone(response);
    // The caller can choose neither the code nor the reason.
    connection.close(1000, 'Connection Closed Normally');
    answer(response, 204);
  }

  /** Every call of `@connections` passes here, after the path was found to be one. */
  function perform(incoming: IncomingMessage, response: ServerResponse, url: string, start: number): void {
    const { authorization } = incoming.headers;
    if (authorization === undefined) {
      return refuse(response, 403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    // The signature is not verified here, only that there is one: a forgotten credential shows locally too.
    if (!authorization.startsWith('AWS4-')) {
      return refuse(response, 403, 'IncompleteSignatureException', 'The request is not signed');
    }
    if (!url.startsWith(ownPrefix) || url.indexOf('/', 1) !== ownPrefix.length - 1) {
      return refuse(response, 403, 'ForbiddenException', 'Forbidden');
    }
    if (!options.takeRequest()) return refuse(response, 429, 'LimitExceededException', 'Too Many Requests');
    const id = readId(url, start);
    if (id === undefined) return refuse(response, 400, 'BadRequestException', 'Invalid connectionId');
    if (incoming.method === 'POST') return post(incoming, response, id);
    if (incoming.method === 'GET') return describe(response, id);
    if (incoming.method === 'DELETE') return disconnect(response, id);
    refuse(response, 403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }

  return (incoming, response) => {
    const url = incoming.url ?? '';
    const start = idStart(url);
    if (start === -1) return false;
    perform(incoming, response, url, start);
    return true;
  };
}
