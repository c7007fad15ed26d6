/**
 * Everything that is stored about somebody, for themselves. What they said is not kept by sender: it is looked for in
 * the logs of the rooms that they belong to or once left, one page of limited work after the other.
 */
import type { AccountExport, Membership } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import type { Caller, Member, Room } from '../model.ts';
import type { ErasureStore, LimitStore, UserStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { CursorSeal, MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/world.ts';
import { isoTime, lastReadMessageId, viewMessage, viewProfile, viewRoom } from '../views.ts';
import { mustBeWithinLimit } from './attempts.ts';
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

/** Throws `rate_limited`, `unauthorized` when the user is gone, `invalid_request` for a cursor that is none. */
export async function exportAccount(
  ports: ExportPorts,
  caller: Caller,
  cursor: string | undefined,
): Promise<{ page: AccountExport; next: string | undefined }> {
  await mustBeWithinLimit(ports.limits, {
    scope: `export/${caller.userId}`,
    windowMs: minuteMs,
    most: pagesPerMinute,
    now: ports.clock.now(),
  });
  const list: ListName = ['exportAccount', caller.userId];
  const place = cursor === undefined ? undefined : placeOf(await openCursor(ports, list, cursor));
  const [memberships, left] = await Promise.all([
    ports.members.listOfUser(caller.userId),
    ports.erasures.listLeftRooms(caller.userId),
  ]);
  const roomIds = [...new Set([...memberships.map(({ roomId }) => roomId), ...left])].sort();
  const [about, found] = await Promise.all([
    place === undefined ? tellAbout(ports, caller, memberships) : {},
    findOwnMessages(ports, { userId: caller.userId, roomIds, place, limit: limits.pageSizeMaximum }),
  ]);
  const { next } = found;
  return {
    page: { ...about, messages: found.messages.map(viewMessage) },
    next: next && (await sealCursor(ports, list, [next.roomId, String(next.seq)])),
  };
}

const placeOf = ([roomId = '', seq = '']: string[]): LogPlace => ({ roomId, seq: Number(seq) });

/** All but the messages. */
async function tellAbout(
  ports: ExportPorts,
  caller: Caller,
  memberships: Member[],
): Promise<Omit<AccountExport, 'messages'>> {
  const created = memberships.filter(({ role }) => role === 'creator').map(({ roomId }) => roomId);
  const [user, sessions, rooms, heads] = await Promise.all([
    ports.users.getWithAccount(caller.userId),
    listSessions(ports, caller),
    ports.rooms.getMany(memberships.map(({ roomId }) => roomId)),
    ports.rooms.heads(created),
  ]);
  if (user === undefined) throw new ChatError('unauthorized');
  return {
    account: { ...viewProfile(user), created_at: isoTime(user.createdAt) },
    sessions,
    memberships: memberships.flatMap((member) => viewMembership(member, rooms.get(member.roomId))),
    rooms_created: created.flatMap((roomId) => {
      const room = rooms.get(roomId);
      return room === undefined ? [] : [viewRoom(room, heads.get(roomId))];
    }),
  };
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
