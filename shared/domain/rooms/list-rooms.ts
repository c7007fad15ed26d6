/** Lists of rooms: the public ones by name, and the caller's by newest activity. */
import type { MyRoom, Room as RoomView } from '../../contract/entities.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import type { Caller, Head, Member, MessageEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Page } from '../ports/page.ts';
import type { CursorSeal, MemberStore, PublicPlace, RoomStore } from '../ports/rooms.ts';
import { isMessage } from '../messages/read-log.ts';
import { lastReadMessageId, unreadCount, viewMessage, viewRoom } from '../views.ts';

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
  return {
    items: page.items
      .map(({ roomId }) => found.get(roomId))
      .filter((one) => one !== undefined)
      .map(({ room, head }) => viewRoom(room, head)),
    next: page.next && (await sealCursor(ports, publicRooms, [page.next.roomId, page.next.sortKey])),
  };
}

/** Sorting by activity needs the heads of all of the caller's rooms; rooms and messages are read for one page. */
export async function listMyRooms(
  ports: { rooms: RoomStore; members: MemberStore; log: LogStore; cursors: CursorSeal },
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<MyRoom>> {
  const { rooms, members, log } = ports;
  const list: ListName = ['listMyRooms', caller.userId];
  const [start] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const memberships = await members.listOfUser(caller.userId);
  const heads = await rooms.heads(memberships.map((member) => member.roomId));
  const rows = memberships
    .map((member) => ({ member, head: heads.get(member.roomId) }))
    .filter((row): row is Row => row.head !== undefined)
    .map((row) => ({ ...row, position: positionOf(row) }))
    .sort((a, b) => (a.position < b.position ? 1 : -1));
  const from = start === undefined ? 0 : rows.findIndex((row) => row.position < start);
  const page = from === -1 ? [] : rows.slice(from, from + limit);
  const [byId, lastMessages] = await Promise.all([
    rooms.getMany(page.map(({ member }) => member.roomId)),
    findLastMessages(log, page),
  ]);
  const items = page.flatMap(({ member, head }) => {
    const room = byId.get(member.roomId);
    if (room === undefined) return [];
    const last = lastMessages.get(member.roomId);
    return {
      ...viewRoom(room, head),
      unread_count: unreadCount(head, member.lastRead),
      last_read_message_id: lastReadMessageId(member),
      last_message: last === undefined ? null : viewMessage(last),
    };
  });
  const hasMore = from !== -1 && from + limit < rows.length;
  const end = page.at(-1)?.position;
  return { items, next: hasMore && end !== undefined ? await sealCursor(ports, list, [end]) : undefined };
}

interface Row {
  member: Member;
  head: Head;
}

/** Sorts as text in the order of activity, with the room's id to tell equals apart. */
function positionOf({ member, head }: Row): string {
  return `${String(Math.max(head.lastAt, member.joinedAt)).padStart(15, '0')} ${member.roomId}`;
}

async function findLastMessages(log: LogStore, page: Row[]): Promise<Map<string, MessageEntry>> {
  const spoken = page.filter(({ head }) => head.lastMessageSeq > 0);
  const entries = await log.getMany(
    spoken.map(({ head }) => ({ roomId: head.roomId, seq: head.lastMessageSeq })),
  );
  const found = new Map(entries.filter(isMessage).map((entry) => [entry.roomId, entry]));
  // The last seq came to nothing, or is still being written: look further down, for these few only.
  const missing = spoken.filter(({ head }) => !found.has(head.roomId));
  await Promise.all(
    missing.map(async ({ head }) => {
      const below = await log.rangeDown(head.roomId, head.lastMessageSeq, 20);
      const last = below.find(isMessage);
      if (last !== undefined) found.set(head.roomId, last);
    }),
  );
  return found;
}
