/**
 * Everything that is stored about somebody, for themselves. What they said is not kept by sender: it is looked for in
 * the logs of the rooms that they belong to or once left, one page of limited work after the other.
 */
import type { AccountExport, Membership } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { isCreatorOf } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import type { Caller, Member, Room } from '../model.ts';
import type { ErasureStore, LimitStore, UserStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { CursorSeal, MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { isoTime, lastReadMessageId, viewMessage, viewProfile, viewRoom } from '../views.ts';
import { consumeLimit } from '../rate-limits/fixed-window.ts';
import { findOwnMessages, type LogPlace } from './own-messages.ts';
import { listSessions, type ListSessionsPorts } from './own-sessions.ts';

export interface ExportPorts {
  users: Pick<UserStore, 'getWithAccount'>;
  sessions: ListSessionsPorts['sessions'];
  revocations: ListSessionsPorts['revocations'];
  members: Pick<MemberStore, 'listOfUser'>;
  rooms: Pick<RoomStore, 'getMany' | 'heads'>;
  log: Pick<LogStore, 'range'>;
  erasures: Pick<ErasureStore, 'listLeftRooms'>;
  limits: Pick<LimitStore, 'hit'>;
  cursors: CursorSeal;
  clock: Clock;
}

/** A page may read thousands of entries. */
const pagesPerMinute = 60;
const minuteMs = 60_000;

/** Memberships on one page; with their rooms, whose descriptions may be long. */
const membershipsPerPage = 50;

/** However much else is on a page, so many bytes of messages are looked for. */
const leastMessageBytes = 64 * 1024;

/** Memberships are told first, behind that room; then messages. */
type Place = { memberships: string } | { messages: LogPlace };

/** Throws `rate_limited`, `unauthorized` when the user is gone, `invalid_request` for a cursor that is none. */
export async function exportAccount(
  ports: ExportPorts,
  caller: Caller,
  cursor: string | undefined,
): Promise<{ page: AccountExport; next: string | undefined }> {
  await consumeLimit(ports.limits, {
    scope: `export/${caller.userId}`,
    windowMs: minuteMs,
    max: pagesPerMinute,
    now: ports.clock.now(),
  });
  const list: ListName = ['exportAccount', caller.userId];
  const place = cursor === undefined ? undefined : placeOf(await openCursor(ports, list, cursor));
  const [account, part] = await Promise.all([
    place === undefined ? tellAccount(ports, caller) : {},
    place !== undefined && 'messages' in place
      ? { about: {}, next: undefined }
      : tellMemberships(ports, caller, place?.memberships),
  ]);
  const about = { ...account, ...part.about };
  if (part.next !== undefined) {
    const next = await sealCursor(ports, list, ['memberships', part.next]);
    return { page: { ...about, messages: [] }, next };
  }
  const { messages, next } = await findOwnMessages(ports, {
    userId: caller.userId,
    place: place !== undefined && 'messages' in place ? place.messages : undefined,
    maxBytes: Math.max(leastMessageBytes, limits.answerBytes - Buffer.byteLength(JSON.stringify(about))),
  });
  return {
    page: { ...about, messages: messages.map(viewMessage) },
    next: next && (await sealCursor(ports, list, ['messages', next.roomId, String(next.seq)])),
  };
}

function placeOf([kind = '', roomId = '', seq = '']: string[]): Place {
  return kind === 'memberships' ? { memberships: roomId } : { messages: { roomId, seq: Number(seq) } };
}

async function tellAccount(
  ports: ExportPorts,
  caller: Caller,
): Promise<Pick<AccountExport, 'account' | 'sessions'>> {
  const [user, sessions] = await Promise.all([
    ports.users.getWithAccount(caller.userId),
    listSessions(ports, caller),
  ]);
  if (user === undefined) throw new ChatError('unauthorized');
  return { account: { ...viewProfile(user), created_at: isoTime(user.createdAt) }, sessions };
}

async function tellMemberships(
  ports: ExportPorts,
  caller: Caller,
  after: string | undefined,
): Promise<{ about: Pick<AccountExport, 'memberships' | 'rooms_created'>; next: string | undefined }> {
  const { items, next } = await ports.members.listOfUser(caller.userId, membershipsPerPage, after);
  // Those that they inherited are among them; which they made is known with the rooms.
  const managed = items.filter(({ role }) => role === 'owner').map(({ roomId }) => roomId);
  const [rooms, heads] = await Promise.all([
    ports.rooms.getMany(items.map(({ roomId }) => roomId)),
    ports.rooms.heads(managed),
  ]);
  const about = {
    memberships: items.flatMap((member) => viewMembership(member, rooms.get(member.roomId))),
    rooms_created: managed.flatMap((roomId) => {
      const room = rooms.get(roomId);
      return isCreatorOf(room, caller.userId) ? [viewRoom(room, heads.get(roomId))] : [];
    }),
  };
  return { about, next };
}

/** Nothing for a room that was deleted meanwhile. */
function viewMembership(member: Member, room: Room | undefined): Membership[] {
  if (room === undefined) return [];
  return [
    {
      room_id: member.roomId,
      room_name: room.name,
      role: member.role,
      joined_at: isoTime(member.joinedAt),
      last_read_message_id: lastReadMessageId(member),
      read_at: member.lastRead === undefined ? null : isoTime(member.lastRead.at),
    },
  ];
}
