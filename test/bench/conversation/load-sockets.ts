/** Opens many sockets, a few at a time, and waits for the welcome of each. */

import { WebSocket } from 'ws';
import type { OpenRequest, OpenResult, SocketPlan } from './load-messages.ts';

export interface LoadSocket {
  socket: WebSocket;
  room: string;
  /** The index among the sockets of the room. */
  place: number;
  /** Called with every frame. */
  receive: (frame: Buffer) => void;
}

const welcomeTimeoutMs = 20_000;
/** No handshake begins after this time. */
const allWithinMs = 60_000;

/** Opens sockets and adds those that opened to `sockets`. */
export async function openSockets(request: OpenRequest, sockets: LoadSocket[]): Promise<OpenResult> {
  const waiting = [...request.sockets];
  const milliseconds: number[] = [];
  const failures = new Set<string>();
  const startedAtMs = performance.now();
  async function lane(): Promise<void> {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      const beganAtMs = performance.now();
      if (beganAtMs - startedAtMs > allWithinMs) {
        failures.add(`not started within ${allWithinMs / 1_000} s`);
        return;
      }
      try {
        const opened = await openSocket(request, plan);
        const { room } = plan;
        opened.place = sockets.filter((other) => other.room === room).length;
        sockets.push(opened);
        milliseconds.push(performance.now() - beganAtMs);
      } catch (error) {
        failures.add(error instanceof Error ? error.message : String(error));
      }
    }
  }
  await Promise.all(Array.from({ length: request.concurrency }, lane));
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return { opened: milliseconds.length, seconds, milliseconds, failures: [...failures] };
}

function openSocket(
  { webSocketUrl, welcome, tokenInQuery }: OpenRequest,
  { room, token }: SocketPlan,
): Promise<LoadSocket> {
  const query = tokenInQuery ? `?token=${encodeURIComponent(token)}` : '';
  const socket = new WebSocket(`${webSocketUrl}/ws/chat/${encodeURIComponent(room)}/${query}`, {
    ...(!tokenInQuery && { headers: { authorization: `Bearer ${token}` } }),
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const welcomeType = `"${welcome}"`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`no ${welcome} within ${welcomeTimeoutMs / 1_000} s`));
    }, welcomeTimeoutMs);
    const opened: LoadSocket = {
      socket,
      room,
      place: 0,
      receive(frame) {
        if (!frame.includes(welcomeType)) return;
        clearTimeout(timer);
        opened.receive = () => {};
        resolve(opened);
      },
    };
    socket.on('message', (frame: Buffer) => opened.receive(frame));
    socket.on('error', reject);
    socket.on('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`closed with ${code}`));
    });
  });
}
