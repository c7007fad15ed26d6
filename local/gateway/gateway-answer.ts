/** An answer to a request before it is written, for a plain response and for a refused upgrade alike. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface GatewayAnswer {
  status: number;
  /** Names and values in turn; a name may repeat. */
  headers: string[];
  body: Buffer;
}

/** An answer of the gateway's own: a JSON object with a message. */
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

/** Writes an answer; a HEAD request gets its length without its body, which Node sees to. */
export function writeAnswer(response: ServerResponse, answer: GatewayAnswer): void {
  const headers = [...answer.headers];
  if (answer.status !== 204 && answer.status !== 304)
    headers.push('Content-Length', String(answer.body.length));
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

/** Answers an upgrade with something else than 101, and ends the connection. */
export function refuseUpgrade(socket: Duplex, answer: GatewayAnswer): void {
  const lines = [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}`];
  for (let at = 0; at < answer.headers.length; at += 2) {
    lines.push(`${answer.headers[at]}: ${answer.headers[at + 1]}`);
  }
  lines.push(
    `Content-Length: ${answer.body.length}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  );
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), answer.body]));
  // A client that never closes its half would keep the socket, and so the process.
  socket.resume();
  socket.once('finish', () => socket.destroy());
}
