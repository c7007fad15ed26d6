/** Records of the table stream, and the ports of the function that handles them. */
import type { DynamoDBRecord } from 'aws-lambda';
import { vi } from 'vitest';
import { handleBatch } from '../../../functions/table-stream/handle-batch.ts';
import { subscriberOf } from '../../../shared/domain/connections/subscribers.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import type { Connection } from '../../../shared/domain/model/connections.ts';
import type { ActivityTask } from '../../../shared/domain/model/inbox.ts';
import type { LogEntry, MessageEntry } from '../../../shared/domain/model/log.ts';
import type { Slice } from '../../../shared/realtime/slice-subscribers.ts';
import { connectionItem } from '../../../shared/storage/entities/connection.ts';
import { entryItem } from '../../../shared/storage/entities/log-entry.ts';
import { scriptedGateway } from '../../kit/memory-chat/scripted-gateway.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { record } from '../../shared/storage/stream-records.ts';

export const place = { name: 'general', shard: 0 };

/** Opens a private room of ann and bob, with a socket `b` of bob, and returns what handles records over it. */
export async function openStream(...connectionGateway: Parameters<typeof scriptedGateway>) {
  const chat = await openChat({ isPrivate: true }, bob);
  const enqueueSlice = vi.fn(async (_slice: Slice) => undefined);
  const enqueueCleanup = vi.fn(async (_task: CleanupTask) => undefined);
  const enqueueWelcome = vi.fn(async (_connection: Connection) => undefined);
  const enqueueActivity = vi.fn(async (_task: ActivityTask) => undefined);
  const ports = {
    ...chat,
    connectionGateway: scriptedGateway(...connectionGateway),
    enqueueSlice,
    enqueueCleanup,
    enqueueWelcome,
    enqueueActivity,
    settings: {
      heartbeatSeconds: 20,
      arrivalsPerWindow: 5,
      reconnectAfterMs: 6_000_000,
      connectionsPerUser: 3,
    },
  };
  await ports.connections.open(connectionOf(bob, 'b', { rooms: { [roomId]: place } }));
  await ports.subscriptions.add(roomId, subscriberFor(bob, 'b'));
  await ports.subscriptions.add(bob.userId, subscriberFor(bob, 'b'));
  const errors: unknown[] = [];
  const handle = (...records: DynamoDBRecord[]) => handleBatch(ports, records, (error) => errors.push(error));
  /** Opens a connection as the handshake does: with its registration under its user. */
  const open = async (connection: Connection): Promise<void> => {
    await ports.connections.open(connection);
    await ports.subscriptions.add(connection.userId, subscriberOf(connection, 0, connection.openedAtMs));
  };
  const typesTo = (id: string) => ports.connectionGateway.framesTo(id).map(({ type }) => type);
  return { ports, open, handle, errors, typesTo };
}

/** The fields that the entries of these tests share. */
export const base = { roomId, at: start, messageSeqs: 1, outbox: true };
export const message = (seq: number): MessageEntry => ({
  ...base,
  kind: 'message',
  seq,
  userId: ann.userId,
  username: 'ann',
  content: `m${seq}`,
  isDeleted: false,
});
/** Returns the record of a stored entry. */
export const stored = (entry: LogEntry) =>
  record({ after: entryItem(entry), sequenceNumber: `s${entry.seq}` });
/** Returns the record of a connection of ann that opened. */
export const opened = (id: string, openedAtMs = start) =>
  record({ after: connectionItem(connectionOf(ann, id, { openedAtMs })), sequenceNumber: `open ${id}` });
