/** Stores one room of the sample by the rules of the domain, at the times of the plan. */
import { encodeMessageId } from '../../shared/domain/message-id.ts';
import { deleteMessage } from '../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../shared/domain/messages/edit-message.ts';
import { moveMarker } from '../../shared/domain/messages/read-markers.ts';
import { sendMessage } from '../../shared/domain/messages/send-message.ts';
import {
  archiveAfterDeletion,
  archiveAfterSend,
  recordOwnSeq,
} from '../../shared/domain/messages/unread-seqs.ts';
import type { Caller } from '../../shared/domain/model/accounts.ts';
import type { MessageEntry } from '../../shared/domain/model/log.ts';
import { storeNewRoom } from '../../shared/domain/rooms/create-room.ts';
import { addMember } from '../../shared/domain/rooms/membership/members.ts';
import { joinByOpening } from '../../shared/domain/rooms/membership/join-room.ts';
import { openDirectRoom } from '../../shared/domain/rooms/open-direct-room.ts';
import type { PlannedMessage, PlannedRoom } from './plan.ts';
import type { SamplePorts } from './sample-ports.ts';

const minuteMs = 60_000;

/** The stream publishes nothing: no client is connected to a room of the past. */
const isPublishedByStream = (): boolean => false;

/**
 * Stores what is missing of a room, and returns how many messages that were. A room that an interrupted run has begun is
 * continued after its last message.
 */
export async function storeRoom(
  ports: SamplePorts,
  callers: ReadonlyMap<string, Caller>,
  room: PlannedRoom,
): Promise<number> {
  const callerOf = (name: string): Caller => callers.get(name)!;
  const { clock } = ports;
  clock.set(room.createdAtMs);
  const roomId = room.isDirect
    ? (await openDirectRoom(ports, callerOf(room.members[0]!), callerOf(room.members[1]!).userId)).room_id
    : await roomIdOf(ports, callerOf, room);
  const stored = (await ports.rooms.head(roomId))?.messageSeqs ?? 0;
  const missing = room.messages.slice(stored);
  const entries: MessageEntry[] = [];
  const maxUnread = Math.max(...Object.values(room.unread));
  for (const [index, message] of missing.entries()) {
    const caller = callerOf(message.author);
    const isBehindMarkers = index < missing.length - 1 - maxUnread;
    entries.push(await storeMessage(ports, { roomId, caller, message, isBehindMarkers }));
  }
  if (entries.length === 0) return 0;
  for (const name of room.members) {
    const read = entries.at(-1 - (room.unread[name] ?? 0));
    const messageId = read && encodeMessageId(roomId, read.seq);
    if (messageId !== undefined)
      await moveMarker(ports, { roomId, userId: callerOf(name).userId, messageId });
  }
  return missing.length;
}

/** Creates a room with its members, unless it exists. */
async function roomIdOf(
  ports: SamplePorts,
  callerOf: (name: string) => Caller,
  { name, description, isPrivate, members: [owner, ...others] }: PlannedRoom,
): Promise<string> {
  const found = await ports.rooms.getByName(name, callerOf(owner!).userId);
  const { roomId } =
    typeof found === 'object'
      ? found.room
      : await storeNewRoom(ports, callerOf(owner!), { name, description, isPrivate });
  for (const other of others) {
    ports.clock.set(ports.clock.now() + minuteMs);
    if (isPrivate) await addMember(ports, callerOf(owner!), roomId, callerOf(other).userId);
    else await joinByOpening(ports, roomId, callerOf(other));
  }
  return roomId;
}

interface NewMessage {
  roomId: string;
  caller: Caller;
  message: PlannedMessage;
  /** All members will have read it, so no unread count has to leave it out for its author. */
  isBehindMarkers: boolean;
}

async function storeMessage(
  ports: SamplePorts,
  { roomId, caller, message, isBehindMarkers }: NewMessage,
): Promise<MessageEntry> {
  const { userId, username } = caller;
  const { atMs, content, editedTo, isDeleted = false } = message;
  ports.clock.set(atMs);
  const sent = await sendMessage(ports, {
    roomId,
    userId,
    username,
    content,
    clientId: undefined,
    isPublishedByStream,
    verify: undefined,
  });
  if (!isBehindMarkers) await archiveAfterSend(ports, sent, await recordOwnSeq(ports, sent.entry));
  const change = { message: sent.entry, isPublishedByStream, verify: undefined };
  ports.clock.set(atMs + 10_000);
  if (editedTo !== undefined) await editMessage(ports, { ...change, content: editedTo });
  if (isDeleted) {
    const deleted = await deleteMessage(ports, change);
    if (deleted !== undefined) await archiveAfterDeletion(ports, deleted.head);
  }
  return sent.entry;
}
