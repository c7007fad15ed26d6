/** The probes of the `@connections` API, which need the operator's credentials: large posts and many posts. */
import { ChatSocket } from '../../../functions/canary/chat-socket.ts';
import { sortKeysOf } from '../aws/tables.ts';
import type { OperatorAccess, Probe, Subject } from './probe.ts';

/** Opens a socket and finds its connection id among the room's subscriptions, which docs/access-patterns.md describes. */
async function openKnownSocket(
  { addresses, owner, room, timeoutMs }: Subject,
  { api, tableName }: OperatorAccess,
) {
  const socket = await ChatSocket.open(addresses, { query: { room: room.name }, token: owner.access });
  await socket.expect('history_end', timeoutMs);
  const [connectionId, ...others] = await sortKeysOf(api, tableName, `LIVE#${room.id}#0`);
  if (connectionId === undefined || others.length > 0)
    throw new Error(
      `expected one subscription of the room, found ${connectionId === undefined ? 0 : others.length + 1}`,
    );
  return { socket, connectionId };
}

/** Posts a frame and returns the status of the answer. */
async function post(
  { api, webSocketApi }: OperatorAccess,
  connectionId: string,
  body: string,
): Promise<number> {
  const { status } = await api.send({
    service: 'execute-api',
    host: webSocketApi.host,
    method: 'POST',
    path: `${webSocketApi.pathname.replace(/\/$/, '')}/@connections/${encodeURIComponent(connectionId)}`,
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });
  return status;
}

const largeBytes = 40 * 1_024;

export const largePost: Probe = {
  name: 'a post of 40 KB',
  assumption: 'the socket is closed with 1009, so no event may be larger than 32 KB',
  needsOperator: true,
  async run(subject) {
    const operator = subject.operator!;
    const { socket, connectionId } = await openKnownSocket(subject, operator);
    const frame = JSON.stringify({ type: 'first_hour', text: 'x'.repeat(largeBytes) });
    const status = await post(operator, connectionId, frame);
    await socket.waitUntil(
      () =>
        socket.closeCode !== undefined || socket.arrivals.some(({ event }) => event.type === 'first_hour'),
      subject.timeoutMs,
    );
    const isReceived = socket.arrivals.some(({ event }) => event.type === 'first_hour');
    const { closeCode } = socket;
    await socket.close();
    const outcome = isReceived
      ? 'the client received it'
      : closeCode === undefined
        ? 'the client received nothing'
        : `the socket was closed with ${closeCode}`;
    return { isAsAssumed: closeCode === 1009, found: `the post was answered with ${status}, and ${outcome}` };
  },
};

const postCount = 300;

export const manyPosts: Probe = {
  name: 'throttles on @connections',
  assumption:
    'posts to one connection are answered with 200, or with 429 when they come too fast; 200 means received',
  needsOperator: true,
  async run(subject) {
    const operator = subject.operator!;
    const { socket, connectionId } = await openKnownSocket(subject, operator);
    const startedAt = performance.now();
    const statuses = await Promise.all(
      Array.from({ length: postCount }, (_, index) =>
        post(operator, connectionId, JSON.stringify({ type: 'first_hour', index })),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    const counts = new Map<number, number>();
    for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    const accepted = counts.get(200) ?? 0;
    const received = (): number => socket.arrivals.filter(({ event }) => event.type === 'first_hour').length;
    await socket.waitUntil(() => received() >= accepted, subject.timeoutMs);
    const arrived = received();
    await socket.close();
    const byStatus = [...counts].map(([status, count]) => `${count} times ${status}`).join(', ');
    const isKnown = [...counts.keys()].every((status) => status === 200 || status === 429);
    return {
      isAsAssumed: isKnown && arrived === accepted,
      found: `${postCount} posts in ${seconds.toFixed(1)} s: ${byStatus}; the client received ${arrived}`,
    };
  },
};
