/** The probes of sockets: which addresses open one, and what a handshake leaves behind that its client has left. */
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ChatSocket, HandshakeRefused } from '../../../functions/canary/chat-socket.ts';
import type { Probe, Subject } from './probe.ts';

/** Returns 101, or the status with which the handshake is refused. */
async function statusOf(url: string, token: string, query: Record<string, string> = {}): Promise<number> {
  try {
    const socket = await ChatSocket.open({ webSocket: url }, { token, query });
    await socket.close();
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

export const socketAddresses: Probe = {
  name: 'addresses of sockets',
  assumption:
    'all forms open a socket, with and without a slash at the end; a path beyond the stage gets 403',
  async run({ addresses, hasEdge, operator, owner, room }) {
    const base = addresses.webSocket.replace(/\/+$/, '');
    const byQuery = [base, `${base}/`].map((url) => ({ url, query: { room: room.name }, assumed: 101 }));
    const byPath = ['', '/'].map((end) => ({
      url: `${base}/chat/${room.name}${end}`,
      query: {},
      assumed: 101,
    }));
    const direct = operator?.webSocketApi.href.replace(/\/+$/, '');
    const ofApi =
      direct === undefined
        ? []
        : [
            { url: direct, query: { room: room.name }, assumed: 101 },
            { url: `${direct}/`, query: { room: room.name }, assumed: 101 },
            { url: `${direct}/beyond`, query: {}, assumed: 403 },
          ];
    const results: string[] = [];
    let isAsAssumed = true;
    for (const { url, query, assumed } of [...byQuery, ...(hasEdge ? byPath : []), ...ofApi]) {
      const status = await statusOf(url, owner.access, query);
      isAsAssumed &&= status === assumed;
      results.push(`${url.replace(room.name, '{room}')} ${status}`);
    }
    return { isAsAssumed, found: results.join(', ') };
  },
};

/** How long after its start a handshake is aborted: before, during and after a cold `$connect`. */
const abortAfterMs = [0, 5, 20, 50, 100, 300, 1_000];

/** Starts a handshake and cuts the connection. */
async function abortHandshake({ addresses, member, room }: Subject, afterMs: number): Promise<void> {
  const socket = new WebSocket(`${addresses.webSocket}?room=${encodeURIComponent(room.name)}`, {
    headers: { authorization: `Bearer ${member.access}` },
  });
  // `ws` reports that the handshake was aborted, which is what this does.
  socket.on('error', () => undefined);
  await delay(afterMs);
  socket.terminate();
}

export const abortedHandshakes: Probe = {
  name: 'aborted handshakes',
  assumption: 'a user who left during the handshake does not stay in the list of users present',
  async run(subject) {
    const { addresses, owner, member, room, timeoutMs } = subject;
    for (const afterMs of abortAfterMs) await abortHandshake(subject, afterMs);
    const startedAt = Date.now();
    for (;;) {
      const socket = await ChatSocket.open(addresses, { query: { room: room.name }, token: owner.access });
      const { event } = await socket.expect('room_users_list', timeoutMs);
      await socket.close();
      const users = event['users'] as { id: string }[];
      const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
      if (!users.some(({ id }) => id === member.id))
        return { isAsAssumed: true, found: `of ${abortAfterMs.length}, none was left after ${seconds} s` };
      if (Date.now() - startedAt > timeoutMs)
        return { isAsAssumed: false, found: `the user is still in the list after ${seconds} s` };
      await delay(500);
    }
  },
};
