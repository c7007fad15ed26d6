/** Owns how the stand-ins for AWS services read requests and write answers; it knows no operation of any. */

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error in the words of the service: `type` such as `ResourceNotFoundException`. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** The whole body as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
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

/** Answers with an error as the SDKs recognise it: by the header and by `__type`. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500);
  sendJson(response, known.status, JSON.stringify({ __type: known.type, message: known.message }), {
    'x-amzn-errortype': known.type,
  });
}

export type Operation = (input: Record<string, unknown>) => unknown;

/** Serves operations that are named in the header `x-amz-target`, after the dot. */
export async function serveTargets(
  operations: Record<string, Operation>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const body = await readBody(request);
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    throw new ServiceError('UnknownOperationException', `The local runtime does not know ${name}`);
  const input: Record<string, unknown> = JSON.parse(body || '{}');
  const output = await operation(input);
  sendJson(response, 200, JSON.stringify(output ?? {}));
}
