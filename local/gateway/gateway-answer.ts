/** Answers of the gateway, written to a response or to the socket of a refused upgrade. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface GatewayAnswer {
  status: number;
  /** Alternating names and values; a name may repeat. */
  headers: string[];
  body: Buffer;
}

/** Returns an answer that the gateway makes itself: a JSON object with a message. */
export function messageAnswer(
  status: number,
  message: string,
  more: Record<string, string> = {},
): GatewayAnswer {
  return {
    status,
    headers: ['Content-Type', 'application/json'],
    body: Buffer.from(JSON.stringify({ message, ...more })),
  };
}

/** Writes an answer to a response. For a HEAD request, Node leaves out the body and keeps the length. */
export function writeAnswer(response: ServerResponse, answer: GatewayAnswer): void {
  const headers = [...answer.headers];
  if (answer.status !== 204 && answer.status !== 304)
    headers.push('Content-Length', String(answer.body.length));
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

/** Answers an upgrade request with a status other than 101 and ends the connection. */
export function refuseUpgrade(socket: Duplex, answer: GatewayAnswer): void {
  const lines = [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}`];
  for (let index = 0; index < answer.headers.length; index += 2) {
    lines.push(`${answer.headers[index]}: ${answer.headers[index + 1]}`);
  }
  lines.push(
    `Content-Length: ${answer.body.length}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  );
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), answer.body]));
  // A client that never closes its half would keep the socket open and the process running.
  socket.resume();
  socket.once('finish', () => socket.destroy());
}
