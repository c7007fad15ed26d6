/**
 * Exports everything that is stored about a user to that user. Messages are not indexed by sender, so they
 * are searched for in the logs of all rooms that the user belongs to or has left, with a bound on the work of
 * each page.
 */
import type { AccountExport, Membership } from '../../contract/entities.ts';
import * as limits from '../../contract/limits.ts';
import { isCreatorOf } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import type { ViewPorts } from '../files/view-attachments.ts';
import type { Caller } from '../model/accounts.ts';
import type { Member, Room } from '../model/rooms.ts';
import type { ErasureStore, LimitStore, UserStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { PageWith } from '../ports/page.ts';
import type { CursorSeal, MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { isoTime, lastReadMessageId, viewMessages, viewProfile, viewRoom } from '../views.ts';
import { findPeers } from '../rooms/peers.ts';
import { consumeLimit } from '../rate-limits/fixed-window.ts';
import { findOwnMessages, type LogPosition } from './own-messages.ts';
import { listSessions, type ListSessionsPorts } from './own-sessions.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface ExportPorts extends ViewPorts {
  users: Pick<UserStore, 'getWithAccount' | 'getMany'>;
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

/** Memberships on one page. Each comes with its room, whose description may be long. */
const membershipsPerPage = 50;

/** A page holds at least this many bytes of messages, however much else is on it. */
const minMessageBytes = 64 * 1024;

/** Where a page begins: with the memberships after a room id, or, once these are exported, in the logs. */
type Position = { memberships: string } | { messages: LogPosition };

/**
 * Returns one page of the export and the cursor of the next page.
 * @throws ChatError `rate_limited`, `unauthorized` when the user no longer exists, `invalid_request` for an
 *   invalid cursor
 */
export async function exportAccount(
  ports: ExportPorts,
  caller: Caller,
  cursor: string | undefined,
): Promise<PageWith<AccountExport>> {
  await consumeLimit(ports.limits, {
    scope: `export/${caller.userId}`,
    windowMs: minuteMs,
    max: pagesPerMinute,
    now: ports.clock.now(),
  });
  const list: ListName = ['exportAccount', caller.userId];
  const position = cursor === undefined ? undefined : positionOf(await openCursor(ports, list, cursor));
  const [account, part] = await waitForAll([
    position === undefined ? exportUser(ports, caller) : {},
    position !== undefined && 'messages' in position
      ? { fields: {}, next: undefined }
      : exportMemberships(ports, caller, position?.memberships),
  ]);
  const fields = { ...account, ...part.fields };
  if (part.next !== undefined) {
    const next = await sealCursor(ports, list, ['memberships', part.next]);
    return { items: { ...fields, messages: [] }, next };
  }
  const { messages, next } = await findOwnMessages(ports, {
    userId: caller.userId,
    position: position !== undefined && 'messages' in position ? position.messages : undefined,
    maxBytes: Math.max(minMessageBytes, limits.answerBytes - Buffer.byteLength(JSON.stringify(fields))),
  });
  return {
    items: { ...fields, messages: await viewMessages(ports, messages) },
    next: next && (await sealCursor(ports, list, ['messages', next.roomId, String(next.seq)])),
  };
}

function positionOf([kind = '', roomId = '', seq = '']: string[]): Position {
  return kind === 'memberships' ? { memberships: roomId } : { messages: { roomId, seq: Number(seq) } };
}

async function exportUser(
  ports: ExportPorts,
  caller: Caller,
): Promise<Pick<AccountExport, 'account' | 'sessions'>> {
  const [user, sessions] = await waitForAll([
    ports.users.getWithAccount(caller.userId),
    listSessions(ports, caller),
  ]);
  if (user === undefined) throw new ChatError('unauthorized');
  return { account: { ...viewProfile(user), created_at: isoTime(user.createdAtMs) }, sessions };
}

async function exportMemberships(
  ports: ExportPorts,
  caller: Caller,
  after: string | undefined,
): Promise<{ fields: Pick<AccountExport, 'memberships' | 'rooms_created'>; next: string | undefined }> {
  const { items, next } = await ports.members.listOfUser(caller.userId, membershipsPerPage, after);
  // These include rooms whose ownership the user inherited; only the rooms themselves say who created them.
  const owned = items.filter(({ role }) => role === 'owner').map(({ roomId }) => roomId);
  const [rooms, heads] = await waitForAll([
    ports.rooms.getMany(items.map(({ roomId }) => roomId)),
    ports.rooms.heads(owned),
  ]);
  const created = owned.flatMap((roomId) => {
    const room = rooms.get(roomId);
    return isCreatorOf(room, caller.userId) ? [room] : [];
  });
  const peers = await findPeers(ports, caller.userId, created);
  const fields = {
    memberships: items.flatMap((member) => viewMembership(member, rooms.get(member.roomId))),
    rooms_created: created.map((room) => viewRoom(room, heads.get(room.roomId), peers.get(room.roomId))),
  };
  return { fields, next };
}

/** Shows a membership, or nothing when its room has been deleted since it was listed. */
function viewMembership(member: Member, room: Room | undefined): Membership[] {
  if (room === undefined) return [];
  return [
    {
      room_id: member.roomId,
      room_name: room.name,
      role: member.role,
      joined_at: isoTime(member.joinedAtMs),
      last_read_message_id: lastReadMessageId(member),
      read_at: member.lastRead === undefined ? null : isoTime(member.lastRead.at),
    },
  ];
}
