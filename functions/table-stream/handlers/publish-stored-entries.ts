/** Publishes the entries of one room's log that their writers left to the table stream, and evicts who lost access. */
import type { ServerEvent } from '../../../shared/contract/websocket/events.ts';
import {
  isLargeRoom,
  readSubscribers,
  readUserConnections,
} from '../../../shared/domain/connections/subscribers.ts';
import { viewAttachmentsOf } from '../../../shared/domain/files/view-attachments.ts';
import { scheduleActivity } from '../../../shared/domain/inbox/schedule-activity.ts';
import { isWatched, watchRoomForSockets } from '../../../shared/domain/inbox/watch-rooms.ts';
import { isVisible } from '../../../shared/domain/messages/read-log.ts';
import type {
  ChangeEntry,
  LogEntry,
  MembershipEntry,
  MessageEntry,
  RoomEntry,
} from '../../../shared/domain/model/log.ts';
import type { Head } from '../../../shared/domain/model/rooms.ts';
import { findPeer } from '../../../shared/domain/rooms/peers.ts';
import { viewMember, viewRoom } from '../../../shared/domain/views.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { evictFromRoom } from '../../../shared/realtime/evict.ts';
import { publish } from '../../../shared/realtime/fan-out.ts';
import { changeEvent, entryEvent } from '../../../shared/realtime/frames.ts';
import { notifyInboxes } from '../../../shared/realtime/inbox/notify-inboxes.ts';
import { notifySockets, notifyUser } from '../../../shared/realtime/notify-user.ts';
import { findTargets } from '../../../shared/realtime/send-history.ts';
import { sliceSubscribers } from '../../../shared/realtime/slice-subscribers.ts';
import type { Dependencies } from '../dependencies.ts';

/** Reads the room's subscribers once for all entries, after the last entry was committed. */
export async function publishStoredEntries(
  ports: Dependencies,
  roomId: string,
  entries: LogEntry[],
): Promise<void> {
  const head = await ports.rooms.head(roomId);
  const published = entries
    .filter(isVisible)
    .filter((entry) => entry.kind !== 'room_deleted' && entry.outbox !== 'inbox');
  const targets = await findTargets(ports, roomId, published);
  const viewAttachments = await viewAttachmentsOf(ports, published);
  const events = published.map((entry) =>
    entryEvent(entry, 'targetSeq' in entry ? targets.get(entry.targetSeq) : undefined, viewAttachments),
  );
  if (events.length > 0 && head !== undefined) await publishToRoom(ports, head, events);
  if (head !== undefined && isWatched(head, ports.clock.now())) {
    // Before the sockets in a deleted room are evicted: they would count as sockets that do not have it open.
    await notifyOfRoom(ports, roomId, entries);
    await announceActivity(ports, entries);
  }
  for (const entry of entries) {
    if (entry.kind === 'member_added') await notifyNewMember(ports, entry, head);
    if (entry.kind === 'member_updated')
      await notifyUser(ports, entry.member.userId, roomId, changeEvent(entry, undefined));
    if (entry.kind === 'member_removed') await evictMember(ports, entry);
    if (entry.kind === 'room_deleted') await evictAll(ports, entry, head);
  }
}

const isOfMessages = (entry: LogEntry): entry is MessageEntry | ChangeEntry =>
  entry.kind === 'message' || entry.kind === 'edit' || entry.kind === 'delete';

/** Schedules the activity that watched inboxes receive when the messages of the room changed. */
async function announceActivity(ports: Dependencies, entries: LogEntry[]): Promise<void> {
  const last = entries.findLast(isOfMessages);
  if (last !== undefined) await scheduleActivity(ports, last);
}

/** Posts to watched inboxes that the room has another name or description, or was deleted. */
async function notifyOfRoom(ports: Dependencies, roomId: string, entries: LogEntry[]): Promise<void> {
  const events = entries.flatMap((entry) =>
    entry.kind === 'room_updated' || entry.kind === 'room_deleted' ? [changeEvent(entry, undefined)] : [],
  );
  if (events.length > 0) await notifyInboxes(ports, roomId, events);
}

function publishToRoom(ports: Dependencies, head: Head, events: ServerEvent[]): Promise<void> {
  return isLargeRoom(head) ? sliceSubscribers(ports, head, events) : publish(ports, head, events);
}

/** Notifies the new member's sockets that do not have the room open, with the room that they have been added to. */
async function notifyNewMember(
  ports: Dependencies,
  entry: MembershipEntry,
  head: Head | undefined,
): Promise<void> {
  const { roomId, seq, member } = entry;
  const room = await ports.rooms.get(roomId);
  if (room === undefined) return;
  const sockets = await readUserConnections(ports, member.userId);
  // Before the sockets are notified: what happens in the room from then on must not be missed.
  await watchRoomForSockets(ports, member.userId, roomId, sockets);
  const event: ServerEvent = {
    type: 'member_added',
    room_id: roomId,
    seq,
    member: viewMember(member),
    room: viewRoom(room, head, await findPeer(ports, member.userId, room)),
  };
  await notifySockets(ports, sockets, roomId, event);
}

/**
 * Evicts the sockets of a removed member, and posts the removal to all their sockets that are not bound to another room,
 * so that each of their devices knows. When the user has been added again since, only the sockets that were marked by this
 * removal are evicted.
 */
async function evictMember(ports: Dependencies, entry: MembershipEntry): Promise<void> {
  const { roomId, member } = entry;
  const [sockets, current] = await waitForAll([
    readUserConnections(ports, member.userId),
    ports.members.get(roomId, member.userId),
  ]);
  await evictFromRoom(
    ports,
    sockets.map(({ connectionId }) => connectionId),
    roomId,
    {
      lastEvent: changeEvent(entry, undefined),
      code: 'forbidden',
      reason: 'You are no longer a member of this room',
      onlyMarked: current !== undefined,
      notifyRoomless: current === undefined,
    },
  );
}

/** Evicts every subscriber of a deleted room, and leaves its purge to the cleanup function. */
async function evictAll(ports: Dependencies, entry: RoomEntry, head: Head | undefined): Promise<void> {
  const { roomId } = entry;
  const subscribers = await readSubscribers(ports, roomId, head?.shards ?? 1);
  await evictFromRoom(
    ports,
    subscribers.map(({ connectionId }) => connectionId),
    roomId,
    {
      lastEvent: changeEvent(entry, undefined),
      code: 'room_unavailable',
      reason: 'The room was deleted',
      onlyMarked: false,
      notifyRoomless: false,
    },
  );
  await ports.enqueueCleanup({ kind: 'purge', roomId });
}
