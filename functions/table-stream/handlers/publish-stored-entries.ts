/** Entries of one room's log that their writers left to the reaction: told to the room, and to whom else they concern. */
import type { ServerEvent } from '../../../shared/contract/websocket/events.ts';
import { readSubscribers } from '../../../shared/domain/connections/subscribers.ts';
import { isVisible } from '../../../shared/domain/messages/read-log.ts';
import type { Head, LogEntry, MembershipEntry, RoomEntry } from '../../../shared/domain/model.ts';
import { viewRoom } from '../../../shared/domain/views.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { sliceSubscribers } from '../../../shared/realtime/slice-subscribers.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import { findTargets } from '../../../shared/realtime/send-history.ts';
import { socketsOf, evictFromRoom, tellUser } from '../../../shared/realtime/evict.ts';
import type { Dependencies } from '../dependencies.ts';
import { continuePurge } from './continue-purge.ts';

/** The subscribers is read once for all of them, after the last was committed. */
export async function publishStoredEntries(
  ports: Dependencies,
  roomId: string,
  entries: LogEntry[],
): Promise<void> {
  const head = await ports.rooms.head(roomId);
  const told = entries.filter(isVisible).filter((entry) => entry.kind !== 'room_deleted');
  const targets = await findTargets(ports, roomId, told);
  const events = told.map((entry) =>
    entryEvent(entry, 'targetSeq' in entry ? targets.get(entry.targetSeq) : undefined),
  );
  if (events.length > 0 && head !== undefined) await tellRoom(ports, head, events);
  for (const entry of entries) {
    if (entry.kind === 'member_added') await tellNewMember(ports, entry, head);
    if (entry.kind === 'member_updated')
      await tellUser(ports, entry.member.id, roomId, entryEvent(entry, undefined));
    if (entry.kind === 'member_removed') await evictMember(ports, entry);
    if (entry.kind === 'room_deleted') await clearRoom(ports, entry, head);
  }
}

function tellRoom(ports: Dependencies, head: Head, events: ServerEvent[]): Promise<void> {
  const { roomId, shards } = head;
  return isLargeRoom(head) ? sliceSubscribers(ports, roomId, shards, events) : publish(ports, head, events);
}

async function tellNewMember(
  ports: Dependencies,
  entry: MembershipEntry,
  head: Head | undefined,
): Promise<void> {
  const { roomId, seq, member } = entry;
  const room = await ports.rooms.get(roomId);
  if (room === undefined) return;
  const event: ServerEvent = {
    type: 'member_added',
    room_id: roomId,
    seq,
    member,
    room: viewRoom(room, head),
  };
  await tellUser(ports, member.id, roomId, event);
}

/**
 * Every socket of the user that is not bound to another room is sent the removal, so that each of their devices knows.
 * When the user was added again since, only the sockets that were marked by this removal are taken out.
 */
async function evictMember(ports: Dependencies, entry: MembershipEntry): Promise<void> {
  const { roomId, member } = entry;
  const [sockets, isBack] = await Promise.all([
    socketsOf(ports, member.id),
    ports.members.get(roomId, member.id),
  ]);
  await evictFromRoom(
    ports,
    sockets.map(({ connectionId }) => connectionId),
    roomId,
    {
      last: entryEvent(entry, undefined),
      code: 'forbidden',
      reason: 'You no longer belong to this room',
      onlyMarked: isBack !== undefined,
      alsoToRoomless: isBack === undefined,
    },
  );
}

async function clearRoom(ports: Dependencies, entry: RoomEntry, head: Head | undefined): Promise<void> {
  const { roomId } = entry;
  const subscribers = await readSubscribers(ports, roomId, head?.shards ?? 1);
  await evictFromRoom(
    ports,
    subscribers.map(({ connectionId }) => connectionId),
    roomId,
    {
      last: entryEvent(entry, undefined),
      code: 'room_unavailable',
      reason: 'The room was deleted',
      onlyMarked: false,
      alsoToRoomless: false,
    },
  );
  await continuePurge(ports, roomId, 0);
}
