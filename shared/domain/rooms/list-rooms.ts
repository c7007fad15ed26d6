/** Lists of rooms: the public ones by name, and the caller's by newest activity. */
import type { MyRoom, Room as RoomView } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import { takeWithinBytes } from '../take-within-bytes.ts';
import type { Caller, Head, Member, MessageEntry, Room } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Page } from '../ports/page.ts';
import type { CursorSeal, MemberStore, PublicPlace, RoomStore } from '../ports/rooms.ts';
import { isMessage } from '../messages/read-log.ts';
import { countUnreadInRooms, type RoomsUnreadPorts } from '../messages/unread.ts';
import { lastReadMessageId, viewPreview, viewRoom } from '../views.ts';

const publicRooms: ListName = ['listRooms'];

/** Two requests for up to 50 rooms; the index only says which, so that a new member is no write to it. */
export async function listRooms(
  ports: { rooms: RoomStore; cursors: CursorSeal },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<RoomView>> {
  const { rooms } = ports;
  const [roomId = '', sortKey = ''] =
    cursor === undefined ? [] : await openCursor(ports, publicRooms, cursor);
  const place: PublicPlace | undefined = cursor === undefined ? undefined : { roomId, sortKey };
  const page = await rooms.listPublic(limit, place);
  const found = await rooms.getManyWithHeads(page.items.map(({ roomId }) => roomId));
  const rows = page.items.flatMap(({ roomId, sortKey }) => {
    const one = found.get(roomId);
    return one === undefined ? [] : [{ place: { roomId, sortKey }, view: viewRoom(one.room, one.head) }];
  });
  const items = takeWithinBytes(rows.map(({ view }) => view));
  // Descriptions that are all long fill a page before its last room.
  const next = items.length < rows.length ? rows[items.length - 1]?.place : page.next;
  return { items, next: next && (await sealCursor(ports, publicRooms, [next.roomId, next.sortKey])) };
}

/**
 * Sorting by activity needs the heads of all rooms of a list. A user may be in any number of them, so the list is made
 * of parts: rooms are sorted within a part, and a part holds more rooms than nearly everybody is in.
 */
const roomsPerPart = 200;

/** Rooms and last messages are read so many at a time, until the page is as long or as large as it may be. */
const roomsPerRequest = 50;

/** Rooms and messages are read for one page, which may be short, even empty, and not be the last. */
export async function listMyRooms(
  ports: RowPorts & { members: MemberStore; cursors: CursorSeal },
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<MyRoom>> {
  const list: ListName = ['listMyRooms', caller.userId];
  const [start = '', after = ''] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const part = await ports.members.listOfUser(caller.userId, roomsPerPart, after === '' ? undefined : after);
  const heads = await ports.rooms.heads(part.items.map((member) => member.roomId));
  const rows = part.items
    .map((member) => ({ member, head: heads.get(member.roomId) }))
    .filter((row): row is Row => row.head !== undefined)
    .map((row) => ({ ...row, position: positionOf(row) }))
    .sort((a, b) => (a.position < b.position ? 1 : -1));
  const left = start === '' ? rows : rows.filter((row) => row.position < start);
  const { items, end } = await viewRows(ports, caller.userId, left.slice(0, limit));
  if (end < left.length) {
    const { position = '' } = left[end - 1] ?? {};
    return { items, next: await sealCursor(ports, list, [position, after]) };
  }
  return { items, next: part.next && (await sealCursor(ports, list, ['', part.next])) };
}

type RowPorts = RoomsUnreadPorts & { rooms: RoomStore; log: LogStore };

interface Row {
  member: Member;
  head: Head;
}

/** Sorts as text in the order of activity, with the room's id to tell equals apart. */
function positionOf({ member, head }: Row): string {
  return `${String(Math.max(head.lastAt, member.joinedAt)).padStart(15, '0')} ${member.roomId}`;
}

/** As many of the rows as fit into an answer; `end` is how many were looked at. */
async function viewRows(
  ports: RowPorts,
  userId: string,
  rows: readonly Row[],
): Promise<{ items: MyRoom[]; end: number }> {
  const items: MyRoom[] = [];
  let bytes = 2;
  for (let from = 0; from < rows.length; from += roomsPerRequest) {
    const some = rows.slice(from, from + roomsPerRequest);
    const [byId, lastMessages, unread] = await Promise.all([
      ports.rooms.getMany(some.map(({ member }) => member.roomId)),
      findLastMessages(ports.log, some),
      countUnreadInRooms(
        ports,
        userId,
        some.map(({ member, head }) => ({ head, marker: member.lastRead })),
      ),
    ]);
    for (const [index, { member, head }] of some.entries()) {
      const room = byId.get(member.roomId);
      // Deleted since: nothing of it is shown.
      if (room === undefined) continue;
      const { roomId } = room;
      const [last, unreadCount = 0] = [lastMessages.get(roomId), unread.get(roomId)];
      const item = viewMyRoom({ room, head, member, last, unreadCount });
      bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
      if (items.length > 0 && bytes > limits.answerBytes) return { items, end: from + index };
      items.push(item);
    }
  }
  return { items, end: rows.length };
}

function viewMyRoom({
  room,
  head,
  member,
  last,
  unreadCount,
}: Row & { room: Room; last: MessageEntry | undefined; unreadCount: number }): MyRoom {
  return {
    ...viewRoom(room, head),
    unread_count: unreadCount,
    last_read_message_id: lastReadMessageId(member),
    last_message: last === undefined ? null : viewPreview(last),
  };
}

/** Where the last seq holds no message, so many entries below it are searched, in so many rooms of a page at most. */
const entriesSearched = 8;
const roomsSearched = 10;

/** A room without an entry here has no last message, or one that was not found with little effort. */
async function findLastMessages(log: LogStore, page: readonly Row[]): Promise<Map<string, MessageEntry>> {
  const spoken = page.filter(({ head }) => head.lastMessageSeq > 0);
  const places = spoken.map(({ head }) => ({ roomId: head.roomId, seq: head.lastMessageSeq }));
  const entries = await log.getMany(places, { consistent: false });
  const found = new Map(entries.filter(isMessage).map((entry) => [entry.roomId, entry]));
  // The last seq is void, or is still being written.
  const missing = spoken.filter(({ head }) => !found.has(head.roomId)).slice(0, roomsSearched);
  await Promise.all(
    missing.map(async ({ head }) => {
      const below = await log.rangeDown(head.roomId, head.lastMessageSeq, entriesSearched);
      const last = below.find(isMessage);
      if (last !== undefined) found.set(head.roomId, last);
    }),
  );
  return found;
}
