/** Marks messages as unread: moves a read marker back to just before a message. What others see of it does not go back. */
import type { ReadState } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import { decodeMessageId } from '../message-id.ts';
import type { Caller } from '../model/accounts.ts';
import type { MessageEntry } from '../model/log.ts';
import type { Member } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { ensureMember } from '../rooms/membership/join-room.ts';
import { getMessage } from './find-message.ts';
import { messageSeqsBeforeEntry } from './log-gaps.ts';
import { isMessage } from './read-log.ts';
import { viewReadState, type ReadMarkerPorts } from './read-markers.ts';
import { receiptOf } from './receipt.ts';
import type { UnreadPorts } from './unread.ts';

/** Below a message, its predecessor is looked for in so many entries, in reads of this size. */
const maxEntriesSearched = 64;
const entriesPerRead = 8;

/** More moves of one marker at the same time than any user makes. */
const maxAttempts = 5;

/**
 * Moves the caller's marker back to just before that message, and returns it with their unread count. A marker that is
 * already below the message stays where it is.
 * @throws ChatError `not_found` when the id is not of a message in this room, `try_again` while other requests of the user
 * keep moving the marker.
 */
export async function markUnread(
  ports: ReadMarkerPorts & UnreadPorts & { unread: Pick<UnreadStore, 'getHead'> },
  caller: Caller,
  roomId: string,
  messageId: string,
): Promise<ReadState> {
  const { room, member } = await findRoomFor('markUnread', ports, roomId, caller.userId);
  const target = decodeMessageId(messageId);
  if (target.roomId !== roomId) throw new ChatError('not_found');
  const message = await getMessage(ports, roomId, target.seq);
  await ensureMember(ports, room, member, caller);
  // A user who has just become a member has no marker, so that everything is unread.
  const marked = member && (await moveBack(ports, member, await markerBefore(ports.log, message)));
  const current = await ports.unread.getHead(roomId, caller.userId);
  return viewReadState(ports, caller.userId, marked, current);
}

type Marker = Omit<NonNullable<Member['lastRead']>, 'at'>;

/** Returns the marker of a member who has read everything below the message, as `read` of the message before it sets it. */
async function markerBefore(log: Pick<LogStore, 'rangeDown'>, message: MessageEntry): Promise<Marker> {
  const { roomId } = message;
  let end = message.seq;
  for (let searched = 0; searched < maxEntriesSearched && end > 1; searched += entriesPerRead) {
    const below = await log.rangeDown(roomId, end, entriesPerRead);
    const previous = below.find(isMessage);
    if (previous !== undefined) return { seq: previous.seq, messageSeqs: previous.messageSeqs };
    // A reader of no message has no marker: deleted messages and void entries are left out of what is counted from there.
    if (below.length < entriesPerRead) return { seq: 0, messageSeqs: 0 };
    end = below.at(-1)?.seq ?? 1;
  }
  // As exact, but clients know no message with this id.
  return { seq: message.seq - 1, messageSeqs: messageSeqsBeforeEntry(message) };
}

async function moveBack(
  { members, clock }: Pick<ReadMarkerPorts, 'members' | 'clock'>,
  member: Member,
  marker: Marker,
): Promise<Member | undefined> {
  let current: Member | undefined = member;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const furthest = current && receiptOf<{ seq: number; at: number }>(current);
    if (current?.lastRead === undefined || current.lastRead.seq <= marker.seq || furthest === undefined)
      return current;
    const read = { seq: furthest.seq, at: furthest.at };
    const outcome = await members.markUnread(current, { ...marker, at: clock.now() }, read);
    if (outcome.moved) return outcome.member;
    current = outcome.member;
  }
  throw new ChatError('try_again');
}
