/** How the local AWS services read requests and write answers. */

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error of a service; `type` is the service's own, such as `ResourceNotFoundException`. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** Reads the whole body as text. */
export async function readBodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers with JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
  response.end(body);
}

/** Answers with an error that the SDKs recognize by its header and its `__type`. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500);
  sendJson(response, known.status, JSON.stringify({ __type: known.type, message: known.message }), {
    'x-amzn-errortype': known.type,
  });
}

export type Operation = (input: Record<string, unknown>) => unknown;

/** Serves the operation that the header `x-amz-target` names after the dot. */
export async function serveTargets(
  operations: Record<string, Operation>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const body = await readBodyText(request);
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    throw new ServiceError('UnknownOperationException', `The local runtime does not support ${name}`);
  const input: Record<string, unknown> = JSON.parse(body || '{}');
  const output = await operation(input);
  sendJson(response, 200, JSON.stringify(output ?? {}));
}
