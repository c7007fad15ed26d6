/** Lists rooms: the public ones by name, and the caller's own by newest activity. */
import type { MyRoom, Room as RoomView, UserSummary } from '../../contract/entities.ts';
import * as limits from '../../contract/limits.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import { takeWithinBytes } from '../take-within-bytes.ts';
import type { Caller } from '../model/accounts.ts';
import type { MessageEntry } from '../model/log.ts';
import type { Head, Member, Room } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import type { Page } from '../ports/page.ts';
import type { CursorSeal, MemberStore, PublicPlace, RoomStore } from '../ports/rooms.ts';
import { findLastMessages } from '../messages/last-messages.ts';
import { countUnreadInRooms, type RoomsUnreadPorts } from '../messages/unread.ts';
import { lastReadMessageId, viewPreview, viewRoom } from '../views.ts';
import { waitForAll } from '../wait-for-all.ts';
import { findPeers, type PeerPorts } from './peers.ts';

const publicRooms: ListName = ['listRooms'];

/**
 * Costs two requests for up to 50 rooms: the index holds only ids and names, so that a new member causes no write to it.
 * @throws ChatError `invalid_request` for an invalid cursor.
 */
export async function listRooms(
  ports: { rooms: RoomStore; cursors: CursorSeal },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<RoomView>> {
  const { rooms } = ports;
  const [roomId = '', sortKey = ''] =
    cursor === undefined ? [] : await openCursor(ports, publicRooms, cursor);
  const after: PublicPlace | undefined = cursor === undefined ? undefined : { roomId, sortKey };
  const page = await rooms.listPublic(limit, after);
  const found = await rooms.getManyWithHeads(page.items.map(({ roomId }) => roomId));
  const rows = page.items.flatMap(({ roomId, sortKey }) => {
    const row = found.get(roomId);
    return row === undefined ? [] : [{ place: { roomId, sortKey }, view: viewRoom(row.room, row.head) }];
  });
  const items = takeWithinBytes(rows.map(({ view }) => view));
  // Long descriptions may fill an answer before the last room of the page.
  const next = items.length < rows.length ? rows[items.length - 1]?.place : page.next;
  return { items, next: next && (await sealCursor(ports, publicRooms, [next.roomId, next.sortKey])) };
}

/**
 * Sorting by activity needs the heads of all rooms. A user may be in any number of rooms, so the list is made of parts, and
 * rooms are sorted within their part. Hardly any user is in more rooms than one part holds.
 */
const roomsPerPart = 200;

/** How many rooms and last messages are read at a time, until the page is full or has reached its size. */
const roomsPerRequest = 50;

/**
 * A page may be short or empty without being the last one.
 * @throws ChatError `invalid_request` for an invalid cursor.
 */
export async function listMyRooms(
  ports: RowPorts & { members: MemberStore; cursors: CursorSeal },
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<MyRoom>> {
  const list: ListName = ['listMyRooms', caller.userId];
  const [start = '', after = ''] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const part = await ports.members.listOfUser(caller.userId, roomsPerPart, after === '' ? undefined : after);
  // Consistent, so that the list holds all that happened before a socket began to receive `room_activity`.
  const roomIds = part.items.map((member) => member.roomId);
  const heads = await ports.rooms.heads(roomIds, { consistent: true });
  const rows = part.items
    .map((member) => ({ member, head: heads.get(member.roomId) }))
    .filter((row): row is Row => row.head !== undefined)
    .map((row) => ({ ...row, position: positionOf(row) }))
    .sort((a, b) => (a.position < b.position ? 1 : -1));
  const remaining = start === '' ? rows : rows.filter((row) => row.position < start);
  const { items, end } = await viewRows(ports, caller.userId, remaining.slice(0, limit));
  if (end < remaining.length) {
    const { position = '' } = remaining[end - 1] ?? {};
    return { items, next: await sealCursor(ports, list, [position, after]) };
  }
  return { items, next: part.next && (await sealCursor(ports, list, ['', part.next])) };
}

type RowPorts = RoomsUnreadPorts & PeerPorts & { rooms: RoomStore; log: LogStore; clock: Clock };

interface Row {
  member: Member;
  head: Head;
}

/** Returns a text that sorts by activity, with the room's id for rooms that were active at the same time. */
function positionOf({ member, head }: Row): string {
  return `${String(Math.max(head.lastAtMs, member.joinedAtMs)).padStart(15, '0')} ${member.roomId}`;
}

/** Views as many of the rows as fit into an answer; `end` is how many rows were used up. */
async function viewRows(
  ports: RowPorts,
  userId: string,
  rows: readonly Row[],
): Promise<{ items: MyRoom[]; end: number }> {
  const items: MyRoom[] = [];
  let bytes = 2;
  for (let from = 0; from < rows.length; from += roomsPerRequest) {
    const group = rows.slice(from, from + roomsPerRequest);
    const finding = ports.rooms.getMany(group.map(({ member }) => member.roomId));
    const [byId, peers, lastMessages, unread] = await waitForAll([
      finding,
      finding.then((rooms) => findPeers(ports, userId, rooms.values())),
      findLastMessages(
        ports.log,
        group.map(({ head }) => head),
        ports.clock.now(),
      ),
      countUnreadInRooms(
        ports,
        userId,
        group.map(({ member, head }) => ({ head, marker: member.lastRead })),
      ),
    ]);
    for (const [index, { member, head }] of group.entries()) {
      const room = byId.get(member.roomId);
      // The room has been deleted since the memberships were read.
      if (room === undefined) continue;
      const { roomId } = room;
      const [last, unreadCount = 0] = [lastMessages.get(roomId), unread.get(roomId)];
      const item = viewMyRoom({ room, peer: peers.get(roomId), head, member, last, unreadCount });
      bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
      if (items.length > 0 && bytes > limits.answerBytes) return { items, end: from + index };
      items.push(item);
    }
  }
  return { items, end: rows.length };
}

interface MyRoomFacts extends Row {
  room: Room;
  peer: UserSummary | undefined;
  last: MessageEntry | undefined;
  unreadCount: number;
}

function viewMyRoom({ room, peer, head, member, last, unreadCount }: MyRoomFacts): MyRoom {
  return {
    ...viewRoom(room, head, peer),
    unread_count: unreadCount,
    last_read_message_id: lastReadMessageId(member),
    last_message: last === undefined ? null : viewPreview(last),
  };
}
