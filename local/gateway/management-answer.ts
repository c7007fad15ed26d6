/** The answers of `@connections`. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export interface ManagementAnswer {
  status: number;
  /** Sent as a header: the SDK recognizes an error by its type, never by the status. */
  errorType?: string;
  body?: string;
}

/** Writes an answer to a response. */
export function writeManagementAnswer(
  response: ServerResponse,
  { status, errorType, body = '' }: ManagementAnswer,
): void {
  const headers = ['x-amzn-RequestId', randomUUID()];
  if (errorType !== undefined) headers.push('x-amzn-ErrorType', errorType);
  if (status !== 204)
    headers.push('Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body)));
  response.writeHead(status, headers);
  response.end(body);
}

/** Returns an error answer. */
export function managementError(status: number, errorType: string, message: string): ManagementAnswer {
  return { status, errorType, body: JSON.stringify({ message }) };
}
