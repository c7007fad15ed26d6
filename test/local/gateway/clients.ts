/** Clients for the gateway's tests: a WebSocket with awaitable frames, HTTP requests, and raw bytes. */
import { EventEmitter, once } from 'node:events';
import { request as httpRequest, type Agent, type OutgoingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';

export interface SocketClient {
  webSocket: WebSocket;
  send(text: string): void;
  /** Resolves with the next text frame that has not been returned yet. */
  next(): Promise<string>;
  nextJson(): Promise<Record<string, unknown>>;
  closed: Promise<{ code: number; reason: string }>;
}

/** Opens a WebSocket; rejects with the status when the handshake is refused. */
export async function openSocket(
  url: string,
  options: ClientOptions & { protocols?: string[] } = {},
): Promise<SocketClient> {
  const webSocket = new WebSocket(url, options.protocols ?? [], options);
  const frames: string[] = [];
  const arrived = new EventEmitter();
  webSocket.on('message', (data: Buffer) => {
    frames.push(data.toString());
    arrived.emit('frame');
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  onTestFinished(() => webSocket.terminate());
  await once(webSocket, 'open');
  webSocket.on('error', () => undefined);
  const next = async (): Promise<string> => {
    while (frames.length === 0) await once(arrived, 'frame');
    return frames.shift() ?? '';
  };
  return {
    webSocket,
    send: (text) => webSocket.send(text),
    next,
    async nextJson() {
      const parsed: Record<string, unknown> = JSON.parse(await next());
      return parsed;
    },
    closed,
  };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Attempts a handshake and resolves with its refusal; rejects when the socket opens. */
export function refusedHandshake(
  url: string,
  options: ClientOptions & { protocols?: string[] } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(url, options.protocols ?? [], options);
    webSocket.on('open', () => {
      webSocket.terminate();
      reject(new Error('The handshake was not refused'));
    });
    webSocket.on('error', reject);
    webSocket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
  });
}

export interface PlainRequest {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Holds the connection for further requests. */
  agent?: Agent;
}

/** Sends one request, by default on a new connection. */
export function send(port: number, path: string, options: PlainRequest = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, agent = false } = options;
    const request = httpRequest({ port, host: '127.0.0.1', path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Writes bytes to the port and resolves with the received text once the pattern matches it. */
export function exchange(port: number, bytes: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (until.test(text)) {
        socket.destroy();
        resolve(text);
      }
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`The connection ended after: ${text}`)));
  });
}

/** Headers of a signed request to `@connections`; the gateway does not verify the signature. */
export const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=test' };
