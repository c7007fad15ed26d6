/** Sending: one entry of the log, once for each `client_id`. */
import { ChatError } from '../chat-error.ts';
import type { Head, MessageEntry } from '../model.ts';
import type { ContentHashes, LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, voidEntry, type Appending } from './append-entry.ts';

export interface Sending {
  roomId: string;
  userId: string;
  username: string;
  content: string;
  clientId: string | undefined;
  /** Whether the room is so large, or the writer such, that publishing is left to the stream's reaction. */
  leaveToStream: (head: Head) => boolean;
  /** Whether the sender may still write, once a seq has been taken. */
  verify: Appending['verify'];
}

export interface Sent {
  entry: MessageEntry;
  /** It had been stored before; `entry` is the original. */
  duplicate: boolean;
  /** The room's head as it was taken for this send. */
  head: Head;
}

export interface SendPorts {
  log: LogStore;
  clock: Clock;
  contentHashes: ContentHashes;
}

/**
 * Stores a message durably, or finds the original that the same `client_id` stored. Throws `not_found`,
 * `client_id_reused` for other content, `try_again`.
 */
export async function sendMessage(ports: SendPorts, sending: Sending): Promise<Sent> {
  const { log, clock, contentHashes } = ports;
  const { roomId, userId, username, content, clientId, verify } = sending;
  const at = clock.now();
  const hashed = clientId === undefined ? undefined : { roomId, userId, clientId, content };
  // Before a seq is taken: should the key be unreadable, no hole is left.
  const contentHash = hashed === undefined ? '' : await contentHashes.hash(hashed);
  const { outcome } = await appendEntry(log, { roomId, forMessage: true, at, verify }, async (head) => {
    const entry: MessageEntry = {
      kind: 'message',
      roomId,
      seq: head.seq,
      at,
      taken: head.taken,
      outbox: sending.leaveToStream(head),
      userId,
      username,
      content,
      ...(clientId === undefined ? {} : { clientId }),
      isDeleted: false,
    };
    const put = await log.putMessage(entry, contentHash);
    if (put.stored) return { entry, duplicate: false, head };
    if (put.reason === 'seq_taken') return 'seq_taken';
    await log.putVoid(voidEntry(head, true));
    const isRepeat = hashed !== undefined && (await contentHashes.matches(put.contentHash, hashed));
    if (!isRepeat) throw new ChatError('client_id_reused');
    return { entry: await original(log, roomId, put.seq), duplicate: true, head };
  });
  return outcome;
}

async function original(log: LogStore, roomId: string, seq: number): Promise<MessageEntry> {
  const entry = await log.get(roomId, seq);
  if (entry?.kind !== 'message') throw new ChatError('not_found');
  return entry;
}
